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
 * The loads of one cache by callers that bring no loader, as far as the cache is told of
 * them. A caller may see part of a result before it is complete, of a {@code Flux} for
 * example, and ask again. So a caller that misses waits for loads of its key that are
 * known to be under way:
 * <ol>
 * <li>while the thread that tells a caller of its miss runs what follows. If the method
 * computes its result on that thread, the result is put by then;</li>
 * <li>while such a caller puts its result.</li>
 * </ol>
 * Nothing tells when a load ends without a put. Therefore the first wait is short. A miss
 * after it is a miss. Thread-safe.
 */
public final class PlainLoads {

	/**
	 * How long a caller waits for a thread that may load. What a method has begun to emit
	 * seldom takes longer, and what runs is perhaps not a load any more.
	 */
	private static final Duration PATIENCE = Duration.ofMillis(250);

	private final ConcurrentMap<String, PlainLoad> loads = new ConcurrentHashMap<>();

	/**
	 * This thread is about to tell a caller of its miss.
	 * @param key the stored key
	 * @return the load that may begin, to be ended
	 */
	public PlainLoad telling(String key) {
		return begin(new PlainLoad(this, key, PATIENCE));
	}

	/**
	 * This thread is about to put what a caller has loaded.
	 * @param key the stored key
	 * @param patience how long others wait for the put at most
	 * @return the end of the load, to be ended
	 */
	public PlainLoad putting(String key, Duration patience) {
		return begin(new PlainLoad(this, key, patience));
	}

	private PlainLoad begin(PlainLoad load) {
		this.loads.put(load.key, load);
		return load;
	}

	/**
	 * The load of a key that is under way.
	 * @param caller the thread that asks: what runs on that thread ends after it
	 * @return {@code null} if none is known
	 */
	@Nullable PlainLoad of(String key, Thread caller) {
		if (this.loads.isEmpty()) { // nearly always: every read asks
			return null;
		}
		PlainLoad load = this.loads.get(key);
		return (load != null && load.thread != caller) ? load : null;
	}

	/**
	 * Wait for a load, and for the put in which it ends.
	 * @return completes when there is nothing to wait for any more
	 */
	CompletableFuture<Boolean> settle(PlainLoad load, Thread caller, CallMode mode) {
		return mode.settle(load.end, load.patience).thenCompose((ended) -> {
			PlainLoad put = of(load.key, caller);
			return (put == null || put == load) ? CompletableFuture.completedFuture(ended)
					: mode.settle(put.end, put.patience);
		});
	}

	/**
	 * A load that is under way.
	 */
	public static final class PlainLoad {

		private final PlainLoads all;

		private final String key;

		private final Duration patience;

		private final Thread thread = Thread.currentThread();

		private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

		private PlainLoad(PlainLoads all, String key, Duration patience) {
			this.all = all;
			this.key = key;
			this.patience = patience;
		}

		/**
		 * It has ended, or goes on where nothing is known of it.
		 */
		public void end() {
			this.all.loads.remove(this.key, this);
			this.end.complete(null);
		}

	}

}
