/**
 * The near cache: copies of entries in the process, and the channel by which instances
 * tell each other what has changed.
 */
@NullMarked
package io.psqache.near;

import org.jspecify.annotations.NullMarked;
