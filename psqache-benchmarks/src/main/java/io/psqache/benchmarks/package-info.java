/**
 * psqache against its peers: one run, interleaved rounds, identical work.
 */
@NullMarked
package io.psqache.benchmarks;

import org.jspecify.annotations.NullMarked;
