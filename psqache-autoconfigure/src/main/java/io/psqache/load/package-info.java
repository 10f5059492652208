/**
 * How values are loaded: by whom, while others wait for him, go on with an old value, or
 * do not. Knows no cache, only what a load reads and writes of one.
 */
@NullMarked
package io.psqache.load;

import org.jspecify.annotations.NullMarked;
