/**
 * Tables of the application whose changes evict: the triggers on them, and what must be
 * so that these can be relied on. At work only while the application starts.
 */
@NullMarked
package io.psqache.watch;

import org.jspecify.annotations.NullMarked;
