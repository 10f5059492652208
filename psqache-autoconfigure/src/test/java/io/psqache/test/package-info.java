/**
 * What the tests stand on: a real PostgreSQL, and a wire to it that can be cut.
 */
@NullMarked
package io.psqache.test;

import org.jspecify.annotations.NullMarked;
