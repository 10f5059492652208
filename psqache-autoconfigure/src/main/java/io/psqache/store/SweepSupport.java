package io.psqache.store;

import java.time.Duration;

/**
 * What a sweeper needs of a store: a way to the database, and what the store and it tell
 * each other. Thread-safe.
 *
 * @param store whose entries it sweeps
 * @param schema the schema of its tables
 * @param figures what this instance knows of its caches
 * @param horizon which tombstones have had their time
 * @param monitor is told what was deleted
 * @param timeout how long a statement may take
 * @param isAside whether reads have another lane while a sweeper has one
 */
public record SweepSupport(EntryStore store, SchemaName schema, Figures figures, Horizon horizon, StoreMonitor monitor,
		Duration timeout, boolean isAside) {

	/**
	 * Do something on a lane for reads, which have a common queue: what takes long there
	 * holds up no key, where there is more than one.
	 * @param work what to do
	 * @param <T> the type of the answer
	 * @return its request
	 */
	public <T> Request<T> request(Work<T> work) {
		return this.store.sweep(work);
	}

}
