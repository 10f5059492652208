package io.psqache;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.psqache.store.FailureCause;

/**
 * Counts of one cache in this instance of the application, since it was made.
 * Thread-safe; the counts only grow.
 */
public final class CacheStatistics {

	private final LongAdder hits = new LongAdder();

	private final LongAdder misses = new LongAdder();

	private final LongAdder puts = new LongAdder();

	private final LongAdder evictions = new LongAdder();

	private final Map<CacheOperation, Map<FailureCause, LongAdder>> failures = new EnumMap<>(CacheOperation.class);

	CacheStatistics() {
		for (CacheOperation operation : CacheOperation.values()) {
			Map<FailureCause, LongAdder> causes = new EnumMap<>(FailureCause.class);
			for (FailureCause cause : FailureCause.values()) {
				causes.put(cause, new LongAdder());
			}
			this.failures.put(operation, causes);
		}
	}

	/**
	 * Reads that found an entry.
	 * @return their number
	 */
	public long hits() {
		return this.hits.sum();
	}

	/**
	 * Reads that found none, those that failed among them.
	 * @return their number
	 */
	public long misses() {
		return this.misses.sum();
	}

	/**
	 * Entries written. Of puts {@linkplain Writes#BEHIND behind} their callers, those
	 * that were replaced or removed before they were written do not count.
	 * @return their number
	 */
	public long puts() {
		return this.puts.sum();
	}

	/**
	 * Entries that the application removed by key.
	 * @return the number of successful calls, whether there was an entry or not
	 */
	public long evictions() {
		return this.evictions.sum();
	}

	/**
	 * Operations that failed.
	 * @param operation what was tried
	 * @param cause why it failed
	 * @return their number
	 */
	public long failures(CacheOperation operation, FailureCause cause) {
		return counter(operation, cause).sum();
	}

	/**
	 * Operations that failed, for whatever cause.
	 * @param operation what was tried
	 * @return their number
	 */
	public long failures(CacheOperation operation) {
		long sum = 0;
		for (FailureCause cause : FailureCause.values()) {
			sum += failures(operation, cause);
		}
		return sum;
	}

	void hit() {
		this.hits.increment();
	}

	void miss() {
		this.misses.increment();
	}

	void put() {
		this.puts.increment();
	}

	void eviction() {
		this.evictions.increment();
	}

	void failure(CacheOperation operation, FailureCause cause) {
		counter(operation, cause).increment();
	}

	@SuppressWarnings("NullAway") // every operation and cause has its counter
	private LongAdder counter(CacheOperation operation, FailureCause cause) {
		return this.failures.get(operation).get(cause);
	}

}
