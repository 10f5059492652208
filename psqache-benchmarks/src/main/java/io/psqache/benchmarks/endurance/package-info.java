/**
 * psqache over millions of entries: what must hold when entries expire, are cleared or
 * evicted by the million, and when an instance is killed.
 */
@NullMarked
package io.psqache.benchmarks.endurance;

import org.jspecify.annotations.NullMarked;
