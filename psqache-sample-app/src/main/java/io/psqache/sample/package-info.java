/**
 * An application with a slow report over its own data, cached by psqache in the same
 * PostgreSQL.
 */
@NullMarked
package io.psqache.sample;

import org.jspecify.annotations.NullMarked;
