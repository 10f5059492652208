/**
 * How old what a cache answers may be: the same application with one cache after the
 * other, under a load that is made to provoke stale reads, which are counted.
 */
@NullMarked
package io.psqache.benchmarks.consistency;

import org.jspecify.annotations.NullMarked;
