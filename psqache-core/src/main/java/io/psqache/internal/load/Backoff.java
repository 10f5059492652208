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

package io.psqache.internal.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.psqache.internal.engine.CallMode;

/**
 * Delays the reads of a caller that waits for the load of a peer. Each pause is a tenth
 * of the time waited so far, at least 10 ms and at most 250 ms. A NOTIFY instead of these
 * reads would cost every commit more than the reads do. Each caller has its own instance.
 */
final class Backoff {

	private static final Duration SHORTEST = Duration.ofMillis(10);

	private static final Duration LONGEST = Duration.ofMillis(250);

	private final long begin = System.nanoTime();

	private final Duration limit;

	Backoff(Duration limit) {
		this.limit = limit;
	}

	/**
	 * Wait until the next read is due.
	 * @return {@code false} if the limit is reached or the thread is interrupted
	 */
	CompletableFuture<Boolean> pause(CallMode mode) {
		long waited = System.nanoTime() - this.begin;
		if (waited >= this.limit.toNanos()) {
			return CompletableFuture.completedFuture(false);
		}
		return mode.pause(Duration.ofNanos(Math.min(LONGEST.toNanos(), Math.max(SHORTEST.toNanos(), waited / 10))));
	}

}
