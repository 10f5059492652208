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
 * Logs failures that are not thrown to a caller. Logs each kind at most once a minute, so
 * that an outage does not fill the log. Messages never contain a key or a value.
 * Thread-safe.
 */
public final class FailureLog {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private static final int MAX_KINDS = 1_000;

	private static final Logger logger = LoggerFactory.getLogger("io.psqache.PostgresCache");

	private final LongSupplier nanoTime;

	private final Map<Kind, Throttle> throttles = new ConcurrentHashMap<>();

	public FailureLog(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	void add(CacheOperation operation, String cacheName, StoreException failure) {
		String message = String.valueOf(failure.getMessage());
		FailureCause cause = failure.failureCause();
		// An outage affects all caches, an unreadable value only one.
		String scope = (cause == FailureCause.UNREADABLE) ? cacheName + ": " : "";
		add(new Kind(operation, scope + message), failure,
				() -> "%s in cache '%s' failed: %s %s %s"
					.formatted(operation, cacheName, sentence(message), consequence(operation, cause), cause.remedy())
					.stripTrailing());
	}

	/**
	 * Log the failure of a loader without its message, which may contain secrets of the
	 * application.
	 * @param consequence the consequence for callers
	 */
	void addLoad(String cacheName, Throwable failure, String consequence) {
		String type = failure.getClass().getName();
		add(new Kind(CacheOperation.LOAD, cacheName + type + consequence), failure,
				() -> "A loader of cache '%s' failed with a %s. %s".formatted(cacheName, type, consequence));
	}

	private void add(Kind kind, Throwable failure, Supplier<String> message) {
		long suppressed = throttle(kind).pass(this.nanoTime.getAsLong());
		if (suppressed >= 0) {
			logger.warn("{}{}", message.get(),
					(suppressed > 0) ? " (" + suppressed + " more such failures since the last message)" : "");
			logger.debug("The failure", failure);
		}
	}

	private Throttle throttle(Kind kind) {
		if (this.throttles.size() > MAX_KINDS) { // the number of kinds is unbounded
			this.throttles.clear();
		}
		return this.throttles.computeIfAbsent(kind, (any) -> new Throttle());
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
	 * Suppresses the log messages of one kind of failure for a minute after each message.
	 */
	private static final class Throttle {

		private static final long NEVER = Long.MIN_VALUE;

		private final AtomicLong lastLogged = new AtomicLong(NEVER);

		private final AtomicLong suppressed = new AtomicLong();

		/**
		 * Return whether a failure is to be logged.
		 * @return the number of failures suppressed since the last message, or -1 if this
		 * one is suppressed too
		 */
		long pass(long now) {
			long last = this.lastLogged.get();
			boolean due = last == NEVER || now - last >= INTERVAL.toNanos();
			if (due && this.lastLogged.compareAndSet(last, now)) {
				return this.suppressed.getAndSet(0);
			}
			this.suppressed.incrementAndGet();
			return -1;
		}

	}

}
