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

package io.psqache.test;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.psqache.PostgresCache;
import org.jspecify.annotations.Nullable;

/**
 * An application that uses a cache during a failure of its database. Each caller owns
 * some keys: it increments their versions, evicts them, and puts the current versions.
 * All callers read all keys. A read is stale if it returns a version from before the last
 * eviction that completed before the read began.
 */
public final class SteadyLoad implements AutoCloseable {

	private static final int CALLERS = 8;

	private static final int KEYS_OF_EACH = 25;

	private static final Duration PAUSE = Duration.ofMillis(4);

	private final PostgresCache cache;

	private final AtomicLongArray versions = new AtomicLongArray(CALLERS * KEYS_OF_EACH);

	/**
	 * The lowest version of each key that is not stale.
	 */
	private final AtomicLongArray floors = new AtomicLongArray(CALLERS * KEYS_OF_EACH);

	private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

	private final Queue<String> problems = new ConcurrentLinkedQueue<>();

	private volatile boolean stopped;

	private volatile long lastHit = System.nanoTime();

	private final Future<List<@Nullable Object>> callers;

	public SteadyLoad(PostgresCache cache) {
		this.cache = cache;
		this.callers = Concurrently.start(CALLERS, (caller) -> {
			while (!this.stopped) {
				step(caller);
				// The pause limits the rate of the load.
				LockSupport.parkNanos(PAUSE.toNanos());
			}
			return null;
		});
	}

	private void step(int caller) {
		int key = caller * KEYS_OF_EACH + ThreadLocalRandom.current().nextInt(KEYS_OF_EACH);
		switch (ThreadLocalRandom.current().nextInt(10)) {
			case 0 -> {
				long changed = this.versions.incrementAndGet(key);
				if (timed(() -> this.cache.evictIfPresent(key)) != null) {
					this.floors.set(key, changed);
				}
			}
			case 1, 2 -> {
				if (read(key) == null) {
					put(key);
				}
			}
			case 3 -> {
				this.versions.incrementAndGet(key);
				put(key);
			}
			default -> read(ThreadLocalRandom.current().nextInt(this.versions.length()));
		}
	}

	private void put(int key) {
		long version = this.versions.get(key);
		timed(() -> {
			this.cache.put(key, version);
			return true;
		});
	}

	private @Nullable Long read(int key) {
		long floor = this.floors.get(key);
		Long version = timed(() -> this.cache.get(key, Long.class));
		if (version != null) {
			this.lastHit = System.nanoTime();
			if (version < floor) {
				this.problems.add("read version " + version + " of key " + key + ", evicted up to " + floor);
			}
		}
		return version;
	}

	private <T> @Nullable T timed(Supplier<@Nullable T> call) {
		long start = System.nanoTime();
		try {
			return call.get();
		}
		catch (RuntimeException ex) {
			this.problems.add("failed: " + ex);
			return null;
		}
		finally {
			this.calls.add(new Call(start, System.nanoTime() - start));
		}
	}

	/**
	 * Return the problems so far: failed calls and stale reads.
	 */
	public Queue<String> problems() {
		return this.problems;
	}

	/**
	 * Wait for a hit that completes after this call.
	 * @return the time that this took
	 */
	public Duration awaitHit() {
		long since = System.nanoTime();
		Concurrently.awaitThat(() -> this.lastHit - since > Duration.ofMillis(500).toNanos()
				|| (this.lastHit > since && System.nanoTime() - since > Duration.ofMillis(50).toNanos()));
		return Duration.ofNanos(System.nanoTime() - since);
	}

	/**
	 * Return a percentile of the latency of calls that began in an interval.
	 * @param from the start of the interval, by {@link System#nanoTime()}
	 * @param to the end of the interval
	 * @param share the percentile, 0.5 for the median
	 * @return the latency
	 */
	public Duration latency(long from, long to, double share) {
		long[] latencies = this.calls.stream()
			.filter((call) -> call.start() >= from && call.start() <= to)
			.mapToLong(Call::nanos)
			.sorted()
			.toArray();
		return (latencies.length == 0) ? Duration.ZERO
				: Duration.ofNanos(latencies[(int) Math.ceil(share * latencies.length) - 1]);
	}

	public long calls() {
		return this.calls.size();
	}

	/**
	 * Stop the callers and wait until their current calls complete.
	 */
	@Override
	public void close() {
		this.stopped = true;
		try {
			this.callers.get(30, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A call of the cache.
	 *
	 * @param start the start, by {@link System#nanoTime()}
	 * @param nanos the duration in nanoseconds
	 */
	private record Call(long start, long nanos) {

	}

}
