@NullMarked
package io.psqache.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
