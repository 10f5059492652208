package io.psqache.benchmarks.contender;

import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A call of a caller, and its result: one object a call, no lock and no timer.
 */
final class FloorOperation {

	/**
	 * Stands for the answer that has no value: a miss, or a put that is stored.
	 */
	private static final Object NOTHING = new Object();

	private final long hash;

	private final String key;

	private final byte @Nullable [] value;

	private final Thread caller = Thread.currentThread();

	private volatile @Nullable Object result;

	private @Nullable FloorOperation sameKey;

	/**
	 * Create an operation of the current thread.
	 * @param hash hash of the key
	 * @param key the key
	 * @param value the value to put, {@code null} to get
	 */
	FloorOperation(long hash, String key, byte @Nullable [] value) {
		this.hash = hash;
		this.key = key;
		this.value = value;
	}

	long hash() {
		return this.hash;
	}

	String key() {
		return this.key;
	}

	byte @Nullable [] value() {
		return this.value;
	}

	boolean isPut() {
		return this.value != null;
	}

	Thread caller() {
		return this.caller;
	}

	/**
	 * Complete another operation of the same batch and key with this one.
	 */
	void completes(@Nullable FloorOperation other) {
		this.sameKey = other;
	}

	/**
	 * Complete this operation, and wake its caller.
	 * @param value the value, {@code null} for a miss or a put
	 */
	void complete(byte @Nullable [] value) {
		set((value != null) ? value : NOTHING);
	}

	void fail(SQLException failure) {
		set(failure);
	}

	private void set(Object outcome) {
		FloorOperation operation = this;
		while (operation != null) {
			FloorOperation next = operation.sameKey; // read before the caller goes on
			operation.result = outcome;
			if (operation.caller != Thread.currentThread()) {
				LockSupport.unpark(operation.caller);
			}
			operation = next;
		}
	}

	/**
	 * Wait for the result, without a time limit.
	 * @return the value, {@code null} for a miss or a put
	 */
	byte @Nullable [] await() throws SQLException {
		Object outcome = this.result;
		while (outcome == null) {
			LockSupport.park(this);
			outcome = this.result;
		}
		if (outcome instanceof SQLException failure) {
			throw failure;
		}
		return (outcome instanceof byte[] found) ? found : null;
	}

}
