/**
 * Counts stale reads: the same application with one cache after the other, under a load
 * that is made to provoke them.
 */
@NullMarked
package io.psqache.benchmarks.consistency;

import org.jspecify.annotations.NullMarked;
