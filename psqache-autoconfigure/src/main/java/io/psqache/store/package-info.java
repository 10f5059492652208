/**
 * Entries in PostgreSQL: the SQL, the lanes it travels on, and nothing above them. The
 * only package that touches JDBC once the application runs.
 */
@NullMarked
package io.psqache.store;

import org.jspecify.annotations.NullMarked;
