@NullMarked
package io.psqache.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
