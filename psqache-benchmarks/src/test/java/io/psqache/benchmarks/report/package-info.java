@NullMarked
package io.psqache.benchmarks.report;

import org.jspecify.annotations.NullMarked;
