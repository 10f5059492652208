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

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

import io.psqache.CacheOperation;
import io.psqache.CacheStatistics;
import io.psqache.FailureCause;
import io.psqache.internal.load.LoadCounters;
import io.psqache.internal.near.NearCounters;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one cache in this instance of the application, since the cache was
 * created. Thread-safe; the counters only increase.
 */
public final class CacheCounters implements CacheStatistics {

	final LongAdder hits = new LongAdder();

	final LongAdder misses = new LongAdder();

	final LongAdder puts = new LongAdder();

	final LongAdder refused = new LongAdder();

	final LongAdder evictions = new LongAdder();

	private final LoadCounters loading = new LoadCounters();

	private final Map<Failure, LongAdder> failures = new ConcurrentHashMap<>();

	private final Collection<BiConsumer<CacheOperation, FailureCause>> newFailureListeners = new CopyOnWriteArrayList<>();

	private final @Nullable NearCounters near;

	public CacheCounters(@Nullable NearCounters near) {
		this.near = near;
	}

	@Override
	public long hits() {
		return this.hits.sum() + ((this.near != null) ? this.near.hits() : 0);
	}

	@Override
	public @Nullable NearCounters near() {
		return this.near;
	}

	@Override
	public long misses() {
		return this.misses.sum();
	}

	@Override
	public long puts() {
		return this.puts.sum();
	}

	@Override
	public long refusedPuts() {
		return this.refused.sum();
	}

	@Override
	public long evictions() {
		return this.evictions.sum();
	}

	@Override
	public LoadCounters loading() {
		return this.loading;
	}

	@Override
	public long failures(CacheOperation operation, FailureCause cause) {
		LongAdder counter = this.failures.get(new Failure(operation, cause));
		return (counter != null) ? counter.sum() : 0;
	}

	@Override
	public long failures(CacheOperation operation) {
		long sum = 0;
		for (FailureCause cause : FailureCause.values()) {
			sum += failures(operation, cause);
		}
		return sum;
	}

	@Override
	public void addNewFailureListener(BiConsumer<CacheOperation, FailureCause> listener) {
		this.newFailureListeners.add(listener);
		this.failures.keySet().forEach((failure) -> listener.accept(failure.operation(), failure.cause()));
	}

	void failure(CacheOperation operation, FailureCause cause) {
		LongAdder created = new LongAdder();
		LongAdder earlier = this.failures.putIfAbsent(new Failure(operation, cause), created);
		((earlier != null) ? earlier : created).increment();
		if (earlier == null) {
			this.newFailureListeners.forEach((listener) -> listener.accept(operation, cause));
		}
	}

	private record Failure(CacheOperation operation, FailureCause cause) {

	}

}
