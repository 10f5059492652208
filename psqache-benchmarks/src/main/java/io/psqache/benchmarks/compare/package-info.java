/**
 * The comparison of the contenders in interleaved rounds, and the targets that it is
 * judged by.
 */
@NullMarked
package io.psqache.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
