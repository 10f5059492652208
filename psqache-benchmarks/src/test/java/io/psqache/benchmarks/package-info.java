@NullMarked
package io.psqache.benchmarks;

import org.jspecify.annotations.NullMarked;
