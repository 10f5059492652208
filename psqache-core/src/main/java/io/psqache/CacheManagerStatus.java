/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache;

import org.jspecify.annotations.Nullable;

/**
 * The status of a cache manager, obtained without a database request.
 *
 * @param breaker the state of the circuit breaker
 * @param cause why the circuit breaker is not closed; {@code null} if it is closed
 * @param pendingEvictions the number of evictions in the backlog; a clear counts as one
 * @param queuedReads the number of reads that wait for a worker
 * @param queuedWrites the number of writes that wait for a worker. A manager with a
 * single worker has one queue, which counts as reads
 * @param near whether this instance receives invalidations
 * @param invalidationsSent the number of invalidations sent, each with up to some hundred
 * keys
 * @param invalidationsReceived the number of invalidations received from peers
 * @param nearLeases the leases and suspensions of strict near caches
 */
public record CacheManagerStatus(BreakerState breaker, @Nullable FailureCause cause, long pendingEvictions,
		int queuedReads, int queuedWrites, NearState near, long invalidationsSent, long invalidationsReceived,
		NearLeaseStatus nearLeases) {

}
