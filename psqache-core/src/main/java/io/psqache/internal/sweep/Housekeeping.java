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
 * What is done for all caches together: to sweep, in the background or now, and to look
 * which caches there are. Close it before the store. Thread-safe.
 */
public final class Housekeeping implements AutoCloseable {

	/**
	 * Pages of a step, where the caller does not say: they take some 10 ms.
	 */
	private static final int PAGES = 1_000;

	final EntryStore store;

	private final String namespace;

	final CacheMonitor monitor;

	final UsageTable usage;

	final Horizon horizon;

	private final AtomicReference<@Nullable Sweeper> sweeper = new AtomicReference<>();

	/**
	 * Create it.
	 * @param store the store whose entries it sweeps
	 * @param namespace the application whose caches this instance knows
	 * @param monitor observes what the sweeper deletes in the background
	 */
	public Housekeeping(EntryStore store, String namespace, CacheMonitor monitor) {
		this.store = store;
		this.namespace = namespace;
		this.monitor = monitor;
		this.usage = new UsageTable(store.usage());
		this.horizon = new Horizon(store.fenceLife(), store.engine().timeout());
	}

	/**
	 * Sweep in the background from now on, until this is closed: one instance at a time
	 * of all that share the schema.
	 * @param interval how long to rest between steps while there is little to do
	 * @param pages how many pages of the table a step goes through
	 * @throws IllegalStateException if it does already
	 */
	public void start(Duration interval, int pages) {
		Sweeper made = new Sweeper(this, interval, stepSize(pages));
		if (!this.sweeper.compareAndSet(null, made)) {
			throw new IllegalStateException("The sweeper is already started");
		}
		made.start();
	}

	/**
	 * Delete what can be read no more, now, and what is too much by the bounds, of all
	 * caches of all applications, and count the rest. It walks over the whole table,
	 * portion by portion, each within the time limit, and holds up no reads or writes of
	 * entries that live; and over it again if some cache turns out to have too many
	 * entries. Afterwards the usage of all caches of this application is up to date.
	 * @return how many entries were deleted
	 * @throws StoreException if a portion failed; those before it are done
	 */
	public long sweepNow() {
		StepSize size = stepSize(PAGES);
		Sweep first = new Sweep(this::await, 0, size, BoundEvictions.NONE, this.horizon);
		long deleted = first.toTheEnd();
		first.record(this.usage);
		BoundEvictions excess = first.excess(null);
		if (!excess.isEmpty()) {
			Sweep second = new Sweep(this::await, 0, size, excess, this.horizon);
			deleted += second.toTheEnd();
			second.record(this.usage);
		}
		caches();
		return deleted;
	}

	private StepSize stepSize(int pages) {
		return new StepSize(pages, this.store.engine().reads().hasSeveralWorkers());
	}

	/**
	 * Look which caches the application has in the database, in use or not.
	 * @return the caches by name
	 * @throws StoreException if it failed
	 */
	public List<StoredCache> caches() {
		return await(this::readUsage);
	}

	List<StoredCache> readUsage(Session session) throws SQLException {
		return this.usage.read(session, this.namespace);
	}

	/**
	 * Drop a cache that is not in use any more: its entries can be read no more, and are
	 * deleted with the next sweep. An instance that uses it all the same makes it again.
	 * @param name the name of the cache
	 * @return the id of the cache, or empty if there was none
	 * @throws StoreException if it failed
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
		Sweeper present = this.sweeper.get();
		if (present != null) {
			present.close();
			// Not waited for: the workers execute what is queued when the engine is
			// closed. If they cannot, the lease runs out by itself.
			present.release().ifPresent((work) -> operation(work).send());
		}
	}

}
