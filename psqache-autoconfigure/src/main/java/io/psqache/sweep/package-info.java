/**
 * What happens to entries in the background: what is dead is deleted, what is too much
 * evicted, and what there is counted. Knows of the store only how to get to the database.
 */
@NullMarked
package io.psqache.sweep;

import org.jspecify.annotations.NullMarked;
