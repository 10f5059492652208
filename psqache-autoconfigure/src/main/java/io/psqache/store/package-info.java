/**
 * Entries in PostgreSQL: the SQL, the lanes it travels on, and nothing above them.
 */
@NullMarked
package io.psqache.store;

import org.jspecify.annotations.NullMarked;
