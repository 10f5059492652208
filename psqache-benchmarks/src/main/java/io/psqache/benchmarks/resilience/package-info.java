/**
 * Many callers of one key, and an outage of the database.
 */
@NullMarked
package io.psqache.benchmarks.resilience;

import org.jspecify.annotations.NullMarked;
