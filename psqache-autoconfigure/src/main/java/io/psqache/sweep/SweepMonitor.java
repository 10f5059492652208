package io.psqache.sweep;

/**
 * Observes what the sweeper deletes. Called on the sweeper's thread: it must be quick,
 * and must not throw.
 */
@FunctionalInterface
public interface SweepMonitor {

	/**
	 * Observes nothing.
	 */
	SweepMonitor NONE = (expired, evicted) -> {
	};

	/**
	 * A step has deleted entries, of any application, or none.
	 * @param expired how many could be read no more
	 * @param evicted how many were evicted for a bound
	 */
	void swept(long expired, long evicted);

}
