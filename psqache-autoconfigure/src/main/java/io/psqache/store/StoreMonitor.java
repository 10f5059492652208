package io.psqache.store;

import org.jspecify.annotations.Nullable;

/**
 * Is told what the store does, so that the store need not know who measures it. Called
 * for every operation, on callers' threads and on lanes: it must be thread-safe and
 * quick, and must not throw.
 */
public interface StoreMonitor {

	/**
	 * Measures nothing, and does not even look at the clock.
	 */
	StoreMonitor NONE = new StoreMonitor() {
	};

	/**
	 * An operation is asked.
	 * @return the time, in nanoseconds of a clock of the monitor's choice
	 */
	default long asked() {
		return 0;
	}

	/**
	 * An operation has its answer, which the one who asked is about to get. Not called
	 * when that one has cancelled it.
	 * @param operation what was asked
	 * @param asked what {@link #asked()} returned for it
	 * @param failure why it failed, {@code null} if it did not
	 */
	default void answered(OperationKind operation, long asked, @Nullable FailureCause failure) {
	}

	/**
	 * A lane is about to do operations of one kind on one cache together.
	 * @param operation what they do
	 * @param size how many they are
	 */
	default void batch(OperationKind operation, int size) {
	}

	/**
	 * The sweeper has deleted entries, of whatever application, or none.
	 * @param expired those that could be read no more
	 * @param evicted those that were too many
	 */
	default void swept(long expired, long evicted) {
	}

}
