/**
 * The caches that are compared, each behind the same two calls.
 */
@NullMarked
package io.psqache.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
