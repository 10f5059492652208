/**
 * The engine: operations, the queues that they wait in, and the workers that execute them
 * in batches, with a circuit breaker in front. It knows connections and threads, but
 * neither the tables nor the form of an entry.
 */
@NullMarked
package io.psqache.engine;

import org.jspecify.annotations.NullMarked;
