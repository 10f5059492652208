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

package io.psqache.internal.store;

import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * Entries of one cache that were read and are to be touched.
 * <ol>
 * <li>They gather for a moment and while others are under way, each once.</li>
 * <li>They go in the order in which they came, up to {@value Bulk#MAX_KEYS} in a
 * statement. While as many are left the next statement follows at once.</li>
 * <li>More than {@value #CAPACITY} are not remembered: the next read of such an entry
 * asks again.</li>
 * </ol>
 * Thread-safe.
 */
final class AccessRecorder {

	static final int CAPACITY = 10_000;

	private static final Duration MOMENT = Duration.ofMillis(20);

	/**
	 * The hashes of their keys, with those under way.
	 */
	private final Set<Long> due = ConcurrentHashMap.newKeySet();

	/**
	 * Those that are not under way.
	 */
	private final Queue<Long> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean gathering = new AtomicBoolean();

	private final CacheHandle cache;

	private final Sender sender;

	AccessRecorder(CacheHandle cache, Sender sender) {
		this.cache = cache;
		this.sender = sender;
	}

	/**
	 * Remember entries.
	 * @param hashes the hashes of their keys
	 * @param timeToIdle the age limit from now, if there is one
	 */
	void add(Collection<Long> hashes, @Nullable Duration timeToIdle) {
		for (Long hash : hashes) {
			if (this.due.size() < CAPACITY && this.due.add(hash)) {
				this.waiting.add(hash);
			}
		}
		sendLater(timeToIdle);
	}

	private void sendLater(@Nullable Duration timeToIdle) {
		if (!this.waiting.isEmpty() && this.gathering.compareAndSet(false, true)) {
			CompletableFuture.delayedExecutor(MOMENT.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
				.execute(() -> send(timeToIdle));
		}
	}

	/**
	 * What is under way stays due, so that it is not sent twice.
	 */
	private void send(@Nullable Duration timeToIdle) {
		long[] hashes = next();
		this.sender.send(this.cache, hashes, timeToIdle).whenComplete((done, failure) -> {
			for (long hash : hashes) {
				this.due.remove(hash); // where it failed, the next read asks again
			}
			if (failure == null && this.due.size() >= Bulk.MAX_KEYS) {
				send(timeToIdle);
			}
			else {
				this.gathering.set(false);
				sendLater(timeToIdle);
			}
		});
	}

	private long[] next() {
		LongStream.Builder hashes = LongStream.builder();
		for (int keys = 0; keys < Bulk.MAX_KEYS; keys++) {
			Long hash = this.waiting.poll();
			if (hash == null) {
				break;
			}
			hashes.add(hash);
		}
		return hashes.build().sorted().toArray();
	}

	/**
	 * Sends touches.
	 */
	@FunctionalInterface
	interface Sender {

		/**
		 * Send, and do not wait.
		 * @param cache the cache
		 * @param hashes the hashes of the keys, sorted
		 * @param timeToIdle the age limit from now, if there is one
		 * @return completes when it is done or has failed
		 */
		CompletableFuture<Boolean> send(CacheHandle cache, long[] hashes, @Nullable Duration timeToIdle);

	}

}
