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

package io.psqache.internal.cache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.psqache.CacheOperation;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of failures that no caller is told of, at most once a minute for each kind: an
 * outage must not fill the log. Never holds a key or a value. Thread-safe.
 */
public final class FailureLog {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private static final int MAX_KINDS = 1_000;

	private static final Logger logger = LoggerFactory.getLogger("io.psqache.PostgresCache");

	private final LongSupplier nanoTime;

	private final Map<Kind, Silence> silences = new ConcurrentHashMap<>();

	public FailureLog(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	void add(CacheOperation operation, String cacheName, StoreException failure) {
		String message = String.valueOf(failure.getMessage());
		FailureCause cause = failure.failureCause();
		// An outage is of all caches, an unreadable value of one.
		String of = (cause == FailureCause.UNREADABLE) ? cacheName + ": " : "";
		add(new Kind(operation, of + message), failure,
				() -> "%s in cache '%s' failed: %s %s %s"
					.formatted(operation, cacheName, sentence(message), consequence(operation, cause), cause.remedy())
					.stripTrailing());
	}

	/**
	 * A loader has failed. What its message says is the application's, and may be secret.
	 * @param consequence what becomes of it
	 */
	void addLoad(String cacheName, Throwable failure, String consequence) {
		String type = failure.getClass().getName();
		add(new Kind(CacheOperation.LOAD, cacheName + type + consequence), failure,
				() -> "A loader of cache '%s' failed with a %s. %s".formatted(cacheName, type, consequence));
	}

	private void add(Kind kind, Throwable failure, Supplier<String> message) {
		long unsaid = silence(kind).end(this.nanoTime.getAsLong());
		if (unsaid >= 0) {
			logger.warn("{}{}", message.get(),
					(unsaid > 0) ? " (" + unsaid + " more such failures since the last message)" : "");
			logger.debug("The failure", failure);
		}
	}

	private Silence silence(Kind kind) {
		if (this.silences.size() > MAX_KINDS) { // types that rows name have no end
			this.silences.clear();
		}
		return this.silences.computeIfAbsent(kind, (any) -> new Silence());
	}

	private static String sentence(String message) {
		return message.endsWith(".") ? message : message + ".";
	}

	private static String consequence(CacheOperation operation, FailureCause cause) {
		return switch (operation) {
			case GET -> "It counts as a miss.";
			case PUT -> "The value is not cached.";
			case EVICT,
					CLEAR ->
				cause.isTransient()
						? "psqache repeats the eviction until it succeeds, and hides the entries until then."
						: "Entries of the cache may be out of date until they expire.";
			case LOAD -> "The value is loaded anyway, possibly by several instances.";
		};
	}

	private record Kind(CacheOperation operation, String message) {

	}

	/**
	 * The time since a kind of failure was last told of.
	 */
	private static final class Silence {

		private static final long NEVER = Long.MIN_VALUE;

		private final AtomicLong since = new AtomicLong(NEVER);

		private final AtomicLong unsaid = new AtomicLong();

		/**
		 * Break the silence if it has lasted long enough.
		 * @return how many failures it swallowed, or -1 if it lasts
		 */
		long end(long now) {
			long last = this.since.get();
			boolean due = last == NEVER || now - last >= INTERVAL.toNanos();
			if (due && this.since.compareAndSet(last, now)) {
				return this.unsaid.getAndSet(0);
			}
			this.unsaid.incrementAndGet();
			return -1;
		}

	}

}
