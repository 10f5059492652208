/**
 * What happens to entries in the background: what is dead is deleted, what is too much
 * evicted, and what there is counted. Its statements go by the lanes of the store.
 */
@NullMarked
package io.psqache.sweep;

import org.jspecify.annotations.NullMarked;
