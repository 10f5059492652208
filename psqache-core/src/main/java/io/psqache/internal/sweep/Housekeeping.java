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

package io.psqache.internal.sweep;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.CacheMonitor;
import io.psqache.OperationKind;
import io.psqache.StoreException;
import io.psqache.StoredCache;
import io.psqache.internal.engine.Session;
import io.psqache.internal.engine.SingleOperation;
import io.psqache.internal.engine.Work;
import io.psqache.internal.store.EntryStore;
import org.jspecify.annotations.Nullable;

/**
 * The operations on all caches together: sweeping, in the background or on demand, and
 * listing and dropping caches. It must be closed before the store. Thread-safe.
 */
public final class Housekeeping implements AutoCloseable {

	/**
	 * The pages of a step of {@link #sweepNow()}. A step of this size takes about 10 ms.
	 */
	private static final int PAGES = 1_000;

	final EntryStore store;

	private final String namespace;

	final CacheMonitor monitor;

	final UsageTable usage;

	final Horizon horizon;

	private final AtomicReference<@Nullable Sweeper> sweeper = new AtomicReference<>();

	/**
	 * Create a new instance.
	 * @param store the store whose entries are swept
	 * @param namespace the namespace of the application
	 * @param monitor observes the deletions of the background sweeper
	 */
	public Housekeeping(EntryStore store, String namespace, CacheMonitor monitor) {
		this.store = store;
		this.namespace = namespace;
		this.monitor = monitor;
		this.usage = new UsageTable(store.usage());
		this.horizon = new Horizon(store.fenceLife(), store.engine().timeout());
	}

	/**
	 * Start the background sweeper, which runs until this object is closed. Of all
	 * instances that share the schema, one sweeps at a time.
	 * @param interval the longest rest between two steps
	 * @param pages the largest number of pages of the table in one step
	 * @throws IllegalStateException if the sweeper is already started
	 */
	public void start(Duration interval, int pages) {
		Sweeper started = new Sweeper(this, interval, stepSize(pages));
		if (!this.sweeper.compareAndSet(null, started)) {
			throw new IllegalStateException("The sweeper is already started");
		}
		started.start();
	}

	/**
	 * Delete the entries that can no longer be read, and count the others, for all caches
	 * of all applications. The method walks over the whole table in steps. Each statement
	 * has the usual time limit and does not block reads or writes of live entries. If a
	 * cache exceeds a bound, a second walk evicts the excess. Afterwards the usage of all
	 * caches of this application is up to date.
	 * @return the number of deleted entries
	 * @throws StoreException if a step failed; the deletions of earlier steps remain
	 */
	public long sweepNow() {
		StepSize size = stepSize(PAGES);
		Sweep first = new Sweep(this::await, 0, size, BoundEvictions.NONE, this.horizon);
		long deleted = first.sweepRemaining();
		first.record(this.usage);
		BoundEvictions excess = first.excess(null);
		if (!excess.isEmpty()) {
			Sweep second = new Sweep(this::await, 0, size, excess, this.horizon);
			deleted += second.sweepRemaining();
			second.record(this.usage);
		}
		caches();
		return deleted;
	}

	private StepSize stepSize(int pages) {
		return new StepSize(pages, this.store.engine().reads().hasSeveralWorkers());
	}

	/**
	 * Read the caches of the application from the database, including unused ones.
	 * @return the caches, ordered by name
	 * @throws StoreException if the read failed
	 */
	public List<StoredCache> caches() {
		return await(this::readUsage);
	}

	List<StoredCache> readUsage(Session session) throws SQLException {
		return this.usage.read(session, this.namespace);
	}

	/**
	 * Drop a cache that is no longer used. Its entries can no longer be read, and the
	 * next sweep deletes them. An instance that still uses the cache creates it again.
	 * @param name the name of the cache
	 * @return the id of the cache, or empty if there was none
	 * @throws StoreException if the statement failed
	 */
	public Optional<Integer> drop(String name) {
		return await((session) -> this.usage.drop(session, this.namespace, name));
	}

	<T> T await(Work<T> work) {
		return operation(work).await();
	}

	private <T> SingleOperation<T> operation(Work<T> work) {
		return new SingleOperation<>(this.store.engine().reads(), OperationKind.SWEEP, work);
	}

	@Override
	public void close() {
		Sweeper current = this.sweeper.get();
		if (current != null) {
			current.close();
			// Not awaited: the workers execute queued operations before the engine is
			// closed. If they cannot, the lease expires.
			current.release().ifPresent((work) -> operation(work).send());
		}
	}

}
