/**
 * Many who want what nobody has cached yet, or what is getting old.
 */
@NullMarked
package io.psqache.benchmarks.stampede;

import org.jspecify.annotations.NullMarked;
