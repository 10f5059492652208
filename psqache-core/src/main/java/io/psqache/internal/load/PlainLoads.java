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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.psqache.internal.engine.CallMode;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the loads of one cache by callers without a loader. A caller may see part of an
 * incomplete result, for example of a {@code Flux}, and read the key again. Therefore a
 * caller that misses waits for known running loads of its key:
 * <ol>
 * <li>While a thread that completes the future of a miss runs the dependent actions. If
 * the method computes its result on that thread, the result is put by then.</li>
 * <li>While such a caller puts its result.</li>
 * </ol>
 * The end of a load without a put cannot be detected. Therefore the first wait is short.
 * A miss after the wait is final. Thread-safe.
 */
public final class PlainLoads {

	/**
	 * How long a caller waits for a thread that may load. A method that has begun to emit
	 * its result seldom takes longer, and the thread may already do other work.
	 */
	private static final Duration MAX_WAIT = Duration.ofMillis(250);

	private final ConcurrentMap<String, PlainLoad> loads = new ConcurrentHashMap<>();

	/**
	 * Register the load that may start when this thread completes the future of a miss.
	 * @param key the stored key
	 * @return the load, which the caller must end
	 */
	public PlainLoad telling(String key) {
		return begin(new PlainLoad(this, key, MAX_WAIT));
	}

	/**
	 * Register the put of a loaded value by this thread.
	 * @param key the stored key
	 * @param maxWait the longest time that other callers wait for the put
	 * @return the load, which the caller must end
	 */
	public PlainLoad putting(String key, Duration maxWait) {
		return begin(new PlainLoad(this, key, maxWait));
	}

	private PlainLoad begin(PlainLoad load) {
		this.loads.put(load.key, load);
		return load;
	}

	/**
	 * Return the running load of a key.
	 * @param caller the reading thread, which does not wait for its own loads
	 * @return {@code null} if no load is known
	 */
	@Nullable PlainLoad of(String key, Thread caller) {
		if (this.loads.isEmpty()) { // fast path: called for each read without a loader
			return null;
		}
		PlainLoad load = this.loads.get(key);
		return (load != null && load.thread != caller) ? load : null;
	}

	/**
	 * Wait for a load and for its put.
	 * @return completes when both have ended or the caller has waited for the longest
	 * time
	 */
	CompletableFuture<Boolean> settle(PlainLoad load, Thread caller, CallMode mode) {
		return mode.settle(load.end, load.maxWait).thenCompose((ended) -> {
			PlainLoad put = of(load.key, caller);
			return (put == null || put == load) ? CompletableFuture.completedFuture(ended)
					: mode.settle(put.end, put.maxWait);
		});
	}

	/**
	 * A running load.
	 */
	public static final class PlainLoad {

		private final PlainLoads all;

		private final String key;

		private final Duration maxWait;

		private final Thread thread = Thread.currentThread();

		private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

		private PlainLoad(PlainLoads all, String key, Duration maxWait) {
			this.all = all;
			this.key = key;
			this.maxWait = maxWait;
		}

		/**
		 * End the load, or stop tracking it.
		 */
		public void end() {
			this.all.loads.remove(this.key, this);
			this.end.complete(null);
		}

	}

}
