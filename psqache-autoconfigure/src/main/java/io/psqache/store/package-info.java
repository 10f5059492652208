/**
 * Entries in PostgreSQL: the statements on the entries of a cache and on its row, and the
 * operations that execute them. It knows no threads, and nothing above it.
 */
@NullMarked
package io.psqache.store;

import org.jspecify.annotations.NullMarked;
