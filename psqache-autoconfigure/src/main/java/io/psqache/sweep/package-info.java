/**
 * What happens to entries in the background: what is dead is deleted, what is too much
 * evicted, and what there is counted. Workers for reads execute its statements.
 */
@NullMarked
package io.psqache.sweep;

import org.jspecify.annotations.NullMarked;
