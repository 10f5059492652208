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

package io.psqache.internal.near;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

import io.psqache.StoreException;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.LeaseHolder;
import io.psqache.internal.store.NearLeases;
import io.psqache.internal.store.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * Suspends the strict near entries of all instances while this one changes entries: the
 * writer's part of the protocol (see {@code SuspendedChange}). Thread-safe.
 */
final class Suspensions {

	/**
	 * The fraction of a lease for which an acknowledgement is awaited. Leases without one
	 * are revoked then, so that a change waits for 0.95 of the length at most.
	 */
	private static final double PATIENCE = 0.2;

	/**
	 * The fraction of a lease after which a revoked lease has lapsed: that for which it
	 * is used ({@link Leases#use}), and a fourteenth more for clocks with other rates.
	 */
	private static final double LAPSE = 0.75;

	private final NearLeases table;

	private final InvalidationPublisher publisher;

	private final String instance;

	private final Duration length;

	private final boolean canListen;

	private final AtomicLong numbers = new AtomicLong();

	private final ConcurrentMap<Long, Pending> pending = new ConcurrentHashMap<>();

	/**
	 * When the leases lapse that this instance has revoked, by cache. The known row of a
	 * cache has them until the cache has a new lease.
	 */
	private final ConcurrentMap<Integer, Map<Long, Long>> lapses = new ConcurrentHashMap<>();

	private final LongAdder sent = new LongAdder();

	private final LongAdder revoked = new LongAdder();

	private final LongAdder nanos = new LongAdder();

	/**
	 * Create a new instance.
	 * @param instance the name of this instance
	 * @param length the length of a lease
	 * @param canListen whether this instance can receive acknowledgements
	 */
	Suspensions(NearLeases table, InvalidationPublisher publisher, String instance, Duration length,
			boolean canListen) {
		this.table = table;
		this.publisher = publisher;
		this.instance = instance;
		this.length = length;
		this.canListen = canListen;
	}

	/**
	 * Suspend near entries.
	 * @param nearCache the strict near cache of this instance, or {@code null}
	 * @param hashes the hashes of the keys; {@code null} for all
	 * @param holders the leases on the cache
	 * @return completes when no instance uses near entries of these keys
	 */
	CompletableFuture<Suspension> begin(@Nullable NearCache nearCache, int cacheId, @Nullable List<Long> hashes,
			List<LeaseHolder> holders) {
		long number = this.numbers.incrementAndGet();
		SuspendedKeys.Source source = new SuspendedKeys.Source(this.instance, number);
		if (nearCache != null) {
			nearCache.suspend(source, hashes);
		}
		forgetOtherLapses(cacheId, holders);
		Map<Long, Long> revoked = this.lapses.getOrDefault(cacheId, Map.of());
		Map<String, Long> others = new HashMap<>();
		for (LeaseHolder holder : holders) {
			Long lapse = revoked.get(holder.lease());
			if (!holder.instance().equals(this.instance) && (lapse == null || System.nanoTime() - lapse < 0)) {
				others.put(holder.instance(), holder.lease());
			}
		}
		AtomicBoolean ended = new AtomicBoolean();
		Suspension suspension = () -> {
			if (ended.compareAndSet(false, true)) {
				if (nearCache != null) {
					nearCache.suspended().remove(source);
				}
				if (!others.isEmpty()) {
					this.pending.remove(number);
					this.publisher.add(new InvalidationMessage.Resume(this.instance, number, cacheId));
				}
			}
		};
		if (others.isEmpty()) {
			return CompletableFuture.completedFuture(suspension);
		}
		return send(number, cacheId, hashes, others).handle((done, failure) -> {
			if (failure != null) {
				suspension.end();
				throw StoreException.of(CallMode.cause(failure));
			}
			return suspension;
		});
	}

	/**
	 * Forget leases that the row of the cache no longer has. A call with an older row may
	 * forget a later lease, which is then revoked twice.
	 */
	private void forgetOtherLapses(int cacheId, List<LeaseHolder> holders) {
		if (!this.lapses.isEmpty()) {
			this.lapses.computeIfPresent(cacheId, (id, revoked) -> {
				Set<Long> present = holders.stream().map(LeaseHolder::lease).collect(Collectors.toSet());
				revoked.keySet().retainAll(present);
				return revoked.isEmpty() ? null : revoked;
			});
		}
	}

	private CompletableFuture<?> send(long number, int cacheId, @Nullable List<Long> hashes, Map<String, Long> others) {
		boolean fits = hashes != null && hashes.size() <= InvalidationMessage.Changed.MAX_HASHES;
		Pending waiting = new Pending(
				new InvalidationMessage.Suspend(this.instance, number, cacheId, fits ? hashes : null), others);
		this.pending.put(number, waiting);
		this.sent.increment();
		this.publisher.start();
		this.publisher.add(waiting.message);
		long begun = System.nanoTime();
		CompletableFuture.delayedExecutor(this.canListen ? part(PATIENCE).toNanos() : 0, TimeUnit.NANOSECONDS)
			.execute(() -> revoke(waiting));
		return waiting.done.whenComplete((done, failure) -> {
			this.pending.remove(number, waiting);
			this.nanos.add(System.nanoTime() - begun);
		});
	}

	private Duration part(double part) {
		return Duration.ofNanos((long) (this.length.toNanos() * part));
	}

	/**
	 * A peer has suspended its near entries.
	 * @param number the number of the suspension
	 */
	void acknowledged(long number, String holder) {
		Pending waiting = this.pending.get(number);
		if (waiting != null) {
			waiting.acknowledged(holder);
		}
	}

	/**
	 * Send the pending suspensions again, when a subscription begins: acknowledgements of
	 * earlier ones may be lost.
	 */
	void sendAgain() {
		this.pending.values().forEach((waiting) -> this.publisher.add(waiting.message));
	}

	/**
	 * Revoke the leases of the holders that have not acknowledged.
	 */
	private void revoke(Pending waiting) {
		Collection<Long> missing = waiting.missing();
		if (missing.isEmpty()) {
			return;
		}
		this.table.revoke(missing).in(CallMode.ASYNC).whenComplete((lengths, failure) -> {
			if (failure != null) {
				waiting.done.completeExceptionally(failure);
				return;
			}
			this.revoked.add(lengths.size());
			long now = System.nanoTime();
			long lapsed = now;
			for (Long lease : missing) { // One without a row has lapsed.
				long end = now + (long) (lengths.getOrDefault(lease, Duration.ZERO).toNanos() * LAPSE);
				end = lapse(waiting.message.cacheId(), lease, end);
				lapsed = (end - lapsed > 0) ? end : lapsed;
			}
			CompletableFuture.delayedExecutor(lapsed - now, TimeUnit.NANOSECONDS).execute(() -> {
				waiting.done.complete(null);
				forget(missing);
			});
		});
	}

	/**
	 * Record when a lease lapses. An earlier revocation decides.
	 */
	private long lapse(int cacheId, long lease, long end) {
		AtomicLong decided = new AtomicLong();
		this.lapses.compute(cacheId, (id, known) -> {
			Map<Long, Long> revoked = (known != null) ? known : new ConcurrentHashMap<>();
			Long earlier = revoked.putIfAbsent(lease, end);
			decided.set((earlier != null) ? earlier : end);
			return revoked;
		});
		return decided.get();
	}

	/**
	 * Return the number of revoked leases that are remembered, for tests.
	 */
	int lapses() {
		return this.lapses.values().stream().mapToInt(Map::size).sum();
	}

	/**
	 * Delete lapsed leases, so that no instance finds them any more.
	 */
	private void forget(Collection<Long> leases) {
		this.table.delete(leases).in(CallMode.ASYNC);
	}

	long sent() {
		return this.sent.sum();
	}

	long revoked() {
		return this.revoked.sum();
	}

	/**
	 * Return the total time that changes waited for peers.
	 */
	long nanos() {
		return this.nanos.sum();
	}

	/**
	 * A suspension that not all holders have acknowledged.
	 */
	private static final class Pending {

		private final InvalidationMessage.Suspend message;

		/**
		 * The leases without an acknowledgement, by the instances that hold them.
		 */
		private final Map<String, Long> holders;

		private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

		Pending(InvalidationMessage.Suspend message, Map<String, Long> holders) {
			this.message = message;
			this.holders = new HashMap<>(holders);
		}

		void acknowledged(String holder) {
			boolean all;
			synchronized (this.holders) {
				this.holders.remove(holder);
				all = this.holders.isEmpty();
			}
			if (all) {
				this.done.complete(null);
			}
		}

		Collection<Long> missing() {
			synchronized (this.holders) {
				return new ArrayList<>(this.holders.values());
			}
		}

	}

}
