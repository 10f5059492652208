/**
 * The servers of a run, started and stopped by it, and what they cost.
 */
@NullMarked
package io.psqache.benchmarks.server;

import org.jspecify.annotations.NullMarked;
