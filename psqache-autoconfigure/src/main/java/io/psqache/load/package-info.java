/**
 * How values are loaded: which caller loads, and whether the others wait, get an old
 * value, or load too. Knows no cache, only what a load reads and writes of one.
 */
@NullMarked
package io.psqache.load;

import org.jspecify.annotations.NullMarked;
