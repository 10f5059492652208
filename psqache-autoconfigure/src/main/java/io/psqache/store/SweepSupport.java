package io.psqache.store;

import java.time.Duration;

/**
 * What a sweeper needs of a store: a way to the database, and what the two tell each
 * other. Thread-safe.
 */
public final class SweepSupport {

	private final Requests requests;

	private final SchemaName schema;

	private final Figures figures;

	private final Horizon horizon;

	private final StoreMonitor monitor;

	private final Duration timeout;

	private final boolean hasSpareReader;

	SweepSupport(Requests requests, SchemaName schema, Figures figures, Horizon horizon, StoreMonitor monitor,
			Duration timeout, boolean hasSpareReader) {
		this.requests = requests;
		this.schema = schema;
		this.figures = figures;
		this.horizon = horizon;
		this.monitor = monitor;
		this.timeout = timeout;
		this.hasSpareReader = hasSpareReader;
	}

	/**
	 * Do something on a lane for reads, where what takes long holds up no key.
	 * @param work what to do
	 * @param <T> the type of the answer
	 * @return its request
	 */
	public <T> Request<T> request(Work<T> work) {
		return this.requests.aside(OperationKind.SWEEP, work);
	}

	/**
	 * Entries were deleted, of whatever application, or none.
	 * @param expired those that could be read no more
	 * @param evicted those that were too many
	 */
	public void swept(long expired, long evicted) {
		this.monitor.swept(expired, evicted);
	}

	/**
	 * Where the tables are.
	 * @return the schema
	 */
	public SchemaName schema() {
		return this.schema;
	}

	/**
	 * What this instance knows of its caches.
	 * @return the figures of this store
	 */
	public Figures figures() {
		return this.figures;
	}

	/**
	 * Which tombstones have had their time.
	 * @return the horizon of this store
	 */
	public Horizon horizon() {
		return this.horizon;
	}

	/**
	 * How long a statement may take.
	 * @return the time limit
	 */
	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * Whether reads have another lane while a sweeper has one.
	 * @return whether there are several
	 */
	public boolean hasSpareReader() {
		return this.hasSpareReader;
	}

}
