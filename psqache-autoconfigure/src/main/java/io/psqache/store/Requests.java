package io.psqache.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Makes the requests of a store: says of each how long it may take, who is told of it,
 * and what decides whether it is sent at all. Thread-safe.
 */
final class Requests {

	private final LanePool lanes;

	/**
	 * Stands for all caches, in what is about all of them.
	 */
	private final CacheHandle noCache;

	private final Duration timeout;

	private final Executor callbacks;

	private final StoreMonitor monitor;

	private final Guard guard;

	/**
	 * Create them.
	 * @param callbacks where the application is told of answers
	 */
	Requests(LanePool lanes, CacheHandle noCache, Duration timeout, Executor callbacks, StoreMonitor monitor,
			Guard guard) {
		this.lanes = lanes;
		this.noCache = noCache;
		this.timeout = timeout;
		this.callbacks = callbacks;
		this.monitor = monitor;
		this.guard = guard;
	}

	/**
	 * The same, but what decides whether they are sent.
	 */
	Requests guardedBy(Guard other) {
		return new Requests(this.lanes, this.noCache, this.timeout, this.callbacks, this.monitor, other);
	}

	<T> Request<T> request(Way way, Operation<T> operation) {
		return new Request<>(way, operation, this.timeout, this.callbacks, this.monitor, this.guard);
	}

	<T> Bulk<T> bulk(List<? extends Operation<T>> items, List<Bulk.Portion> portions) {
		return new Bulk<>(items, portions, this.callbacks);
	}

	/**
	 * Something that reads, and shares its statement with no other.
	 */
	<T> Request<T> read(OperationKind kind, CacheHandle cache, Work<T> work) {
		return request(this.lanes.reads(), new Solo<>(kind, cache, work));
	}

	/**
	 * Something about all caches. It goes by the lanes for reads, which have a common
	 * queue: what takes long there holds up no key, where there is more than one.
	 */
	<T> Request<T> aside(OperationKind kind, Work<T> work) {
		return read(kind, this.noCache, work);
	}

	/**
	 * What asks the database to read and to write, by a lane for writes.
	 */
	Request<Boolean> probe(RecoveryProbe probe) {
		return request(this.lanes.writes(this.noCache), new Solo<>(OperationKind.PROBE, this.noCache, probe));
	}

	/**
	 * What need not be sent.
	 */
	<T> Request<T> answered(OperationKind kind, CacheHandle cache, T answer) {
		Operation<T> operation = new Solo<>(kind, cache, (lane) -> answer);
		operation.succeed(answer);
		return unsent(operation, this.monitor);
	}

	/**
	 * What must not be sent.
	 */
	<T> Request<T> failed(OperationKind kind, CacheHandle cache, FailureCause cause) {
		StoreException failure = new StoreException(cause, null);
		Operation<T> operation = new Solo<>(kind, cache, (lane) -> {
			throw failure;
		});
		operation.fail(failure);
		return unsent(operation, this.monitor);
	}

	/**
	 * What is done here and now, and measured elsewhere or not at all.
	 * @param answer finds out the answer; may throw a {@link StoreException}
	 */
	<T> Request<T> done(Supplier<T> answer) {
		Operation<T> operation = new Solo<>(OperationKind.PEEK, this.noCache, (lane) -> answer.get());
		try {
			operation.succeed(answer.get());
		}
		catch (StoreException ex) {
			operation.fail(ex);
		}
		return unsent(operation, StoreMonitor.NONE);
	}

	private <T> Request<T> unsent(Operation<T> operation, StoreMonitor told) {
		return new Request<>(Way.NONE, operation, this.timeout, this.callbacks, told, Guard.NONE);
	}

}
