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

package io.psqache.internal.store;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.engine.Call;
import io.psqache.internal.engine.CallMode;
import org.jspecify.annotations.Nullable;

/**
 * Changes entries while no instance uses a strict near entry of them. Thread-safe.
 * <p>
 * The protocol of strict near caches: a <em>holder</em> keeps near entries, a
 * <em>writer</em> changes entries.
 * <ol>
 * <li>A holder inserts its lease on a cache ({@link NearLeases#take}). The same
 * transaction raises the version of the leases in the row of the cache.</li>
 * <li>The holder finds the transactions that have locked the tables of entries or caches,
 * and waits for the end of each ({@link NearLeases#writers}).</li>
 * <li>The holder uses near entries only for some time after it began to renew its lease
 * ({@link NearLeases#renew}). The time is shorter than the length of the lease.</li>
 * <li>A writer knows the row of the cache: a version, and the leases of that version. It
 * suspends the near entries of the keys in all these instances. Each of them drops its
 * near entries, creates no others, and acknowledges that.</li>
 * <li>If a holder does not acknowledge in time, the writer revokes its lease
 * ({@link NearLeases#revoke}), and waits until it has lapsed.</li>
 * <li>The writer executes its statement, which changes nothing if the cache has a later
 * version of the leases than the writer knows. In that case the writer begins again.</li>
 * <li>When the change is visible, or never will be, the writer ends the suspension.</li>
 * <li>A transaction of the application executes its statements first, then suspends, and
 * then commits. If it keeps its snapshot, it looks up the leases again in between, on
 * another connection. If there is none, it locks the row of the cache, which fails if
 * there is a later version.</li>
 * <li>A holder that misses the end of a suspension gives up its lease and takes another
 * one, by steps 1 to 3.</li>
 * </ol>
 * No holder has an outdated near entry when a change becomes visible. If the statement of
 * step 6 sees the lease, the writer has suspended that holder, or its lease has lapsed.
 * If not, the lease was committed after the snapshot of the statement. PostgreSQL locks
 * the tables of a statement before it takes that snapshot. So the holder finds that lock
 * in step 2, and has no near entries before the transaction ends. Step 3 holds because a
 * renewal that finds the lease began before the revocation was committed. Step 9 holds
 * because a later change needs a version that is no longer the latest.
 */
final class SuspendedChange {

	private final Executor callbacks;

	SuspendedChange(Executor callbacks) {
		this.callbacks = callbacks;
	}

	/**
	 * Make a change outside of transactions.
	 * @param keys the keys of the entries; {@code null} for all
	 * @param change makes the call, for the leases that are suspended
	 */
	<T> Call<T> of(CacheHandle cache, @Nullable Set<String> keys, Function<List<LeaseHolder>, Call<T>> change) {
		return of(cache, keys, change, (answer) -> null);
	}

	/**
	 * Make a change outside of transactions, whose answer may contain a failure.
	 */
	<T> Call<T> of(CacheHandle cache, @Nullable Set<String> keys, Function<List<LeaseHolder>, Call<T>> change,
			Function<T, @Nullable StoreException> failure) {
		CacheRow known = cache.row;
		if (known != null && known.holders().isEmpty()) { // nearly always
			Call<T> call = change.apply(List.of());
			return (mode) -> repeated(call.in(mode), cache, keys, change, failure, mode);
		}
		return (mode) -> attempt(cache, keys, change, failure, mode);
	}

	private <T> CompletableFuture<T> attempt(CacheHandle cache, @Nullable Set<String> keys,
			Function<List<LeaseHolder>, Call<T>> change, Function<T, @Nullable StoreException> failure, CallMode mode) {
		CacheRow known = cache.row;
		if (known == null) {
			return repeated(change.apply(List.of()).in(mode), cache, keys, change, failure, mode);
		}
		CompletableFuture<?> writes = (mode == CallMode.ASYNC) ? unfinished(cache, keys) : null;
		CompletableFuture<Suspension> suspended = (writes != null)
				? writes.handle((done, failed) -> known)
					.thenCompose((row) -> cache.definition().listener().suspend(row, keys))
				: cache.definition().listener().suspend(known, keys);
		CompletableFuture<T> answer = isReady(suspended)
				? changed(suspended.join(), change.apply(known.holders()), failure, mode) : settled(suspended, mode)
					.thenCompose((suspension) -> changed(suspension, change.apply(known.holders()), failure, mode));
		return repeated(answer, cache, keys, change, failure, mode);
	}

	/**
	 * The queue keeps the order of writes of one entry that are sent. One that waits for
	 * acknowledgements is not sent yet.
	 */
	private static @Nullable CompletableFuture<?> unfinished(CacheHandle cache, @Nullable Set<String> keys) {
		UnfinishedWrites writes = cache.unfinishedWrites();
		return (keys != null) ? writes.before(keys) : writes.beforeClear();
	}

	private static boolean isReady(CompletableFuture<?> future) {
		return future.isDone() && !future.isCompletedExceptionally();
	}

	/**
	 * The rest does not run on the subscriber's thread.
	 */
	private CompletableFuture<Suspension> settled(CompletableFuture<Suspension> suspended, CallMode mode) {
		if (mode == CallMode.ASYNC) {
			return suspended.thenApplyAsync(Function.identity(), this.callbacks);
		}
		return CallMode.BLOCKING.settle(suspended).handle((suspension, failure) -> {
			if (failure == null) {
				return suspension;
			}
			suspended.thenAccept(Suspension::end);
			if (CallMode.cause(failure) instanceof InterruptedException) {
				throw new StoreException(FailureCause.INTERRUPTED, null);
			}
			throw StoreException.of(CallMode.cause(failure));
		});
	}

	/**
	 * A failed write may still be executed. Then the suspension is not ended.
	 */
	private static <T> CompletableFuture<T> changed(Suspension suspension, Call<T> change,
			Function<T, @Nullable StoreException> failure, CallMode mode) {
		CompletableFuture<T> answer = change.in(mode);
		answer.whenComplete((result, failed) -> {
			StoreException cause = (failed != null) ? StoreException.of(CallMode.cause(failed)) : failure.apply(result);
			if (cause == null || !cause.failureCause().leavesItOpen()) {
				suspension.end();
			}
		});
		return answer;
	}

	private <T> CompletableFuture<T> repeated(CompletableFuture<T> answer, CacheHandle cache,
			@Nullable Set<String> keys, Function<List<LeaseHolder>, Call<T>> change,
			Function<T, @Nullable StoreException> failure, CallMode mode) {
		if (isReady(answer) && !(failure.apply(answer.join()) instanceof LeasesChangedException)) {
			return answer;
		}
		CompletableFuture<T> result = CallMode.then(answer, (done, failed) -> {
			Throwable cause = (failed != null) ? CallMode.cause(failed) : failure.apply(done);
			return (cause instanceof LeasesChangedException) ? attempt(cache, keys, change, failure, mode) : answer;
		});
		result.whenComplete((done, failed) -> {
			if (result.isCancelled()) {
				answer.cancel(false);
			}
		});
		return result;
	}

}
