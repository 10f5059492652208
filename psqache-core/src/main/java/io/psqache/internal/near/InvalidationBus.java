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
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import io.psqache.CacheMonitor;
import io.psqache.NearCoherence;
import io.psqache.NearLeaseStatus;
import io.psqache.NearSettings;
import io.psqache.NearState;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.CacheRow;
import io.psqache.internal.store.ChangeListener;
import io.psqache.internal.store.KeyHash;
import io.psqache.internal.store.NearLeases;
import io.psqache.internal.store.Notifications;
import io.psqache.internal.store.Suspension;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the near caches of all instances coherent. Publishes the changes of this instance
 * and drops near entries that a peer has changed. Thread-safe.
 * <p>
 * The bus subscribes only if this instance has a near cache. It publishes only changes of
 * caches for which some instance has a near cache. Until then it starts no thread.
 */
public final class InvalidationBus implements AutoCloseable {

	private final Notifications notifications;

	private final ImmutableTypes immutableTypes;

	private final String instance = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());

	private final InvalidationPublisher publisher;

	private final Liveness liveness = new Liveness();

	private final Collection<NearCache> caches = new CopyOnWriteArrayList<>();

	private final Map<Integer, NearCache> cachesById = new ConcurrentHashMap<>();

	private final AtomicReference<@Nullable InvalidationSubscriber> subscriber = new AtomicReference<>();

	private final Duration lease;

	private final Leases leases;

	private final Suspensions suspensions;

	private final LongAdder received = new LongAdder();

	private final CacheMonitor monitor;

	/**
	 * Create a new bus.
	 * @param notifications transports the messages
	 * @param immutableTypes determines which values may be shared
	 * @param monitor observes the invalidations of peers
	 * @param table the leases of strict near caches
	 * @param lease the length of a lease
	 */
	public InvalidationBus(Notifications notifications, ImmutableTypes immutableTypes, CacheMonitor monitor,
			NearLeases table, Duration lease) {
		this.notifications = notifications;
		this.immutableTypes = immutableTypes;
		this.monitor = monitor;
		this.publisher = new InvalidationPublisher(notifications, this.instance, this::publishAll);
		this.lease = lease;
		this.leases = new Leases(table, this.instance, lease, () -> this.liveness.isAlive(System.nanoTime()));
		this.suspensions = new Suspensions(table, this.publisher, this.instance, lease, notifications.canListen());
	}

	/**
	 * Create the near cache of a cache, and subscribe if this is the first.
	 * @param settings the settings of the near cache
	 * @param idling whether a read extends the lifetime of an entry
	 * @return the near cache
	 * @throws IllegalStateException if there is no DataSource to subscribe with
	 */
	public NearCache open(NearSettings settings, boolean idling) {
		if (!this.notifications.canListen()) {
			throw new IllegalStateException(
					"A near cache is enabled, but psqache has no DataSource to receive invalidations "
							+ "from. Configure the notifications of the cache manager's builder with a DataSource.");
		}
		Liveness usable = (settings.coherence() == NearCoherence.STRICT) ? new Liveness(Leases.use(this.lease))
				: this.liveness;
		NearCache cache = new NearCache(settings, this.immutableTypes, idling, usable);
		this.caches.add(cache);
		subscribe();
		return cache;
	}

	private void subscribe() {
		if (this.subscriber.get() == null) {
			InvalidationSubscriber made = new InvalidationSubscriber(this.notifications, this.publisher,
					new Receiver());
			if (this.subscriber.compareAndSet(null, made)) {
				this.publisher.start();
				made.start();
			}
		}
	}

	/**
	 * Return a subscriber that publishes the changes of one cache.
	 * @param nearEntries the near cache of this instance, or {@code null} if it has none
	 * @return the subscriber for the store's handle of the cache
	 */
	public ChangeListener changesOf(@Nullable NearCache nearEntries) {
		return new ChangesOf(nearEntries);
	}

	/**
	 * Publish that all entries of a cache changed by other means than its handle.
	 * @param cacheId the id of the cache
	 */
	public void changed(int cacheId) {
		this.publisher.start();
		publishAll(cacheId);
	}

	private void drop(int cacheId, @Nullable Collection<Long> hashes) {
		NearCache cache = this.cachesById.get(cacheId);
		if (cache == null) {
			return;
		}
		if (hashes == null) {
			cache.dropAll();
		}
		else {
			hashes.forEach(cache::drop);
		}
	}

	private void publishAll(int cacheId) {
		drop(cacheId, null);
		this.publisher.add(cacheId, null);
	}

	private void dropAll() {
		this.caches.forEach(NearCache::dropAll);
	}

	/**
	 * Return whether near entries are in use.
	 * @return the state
	 */
	public NearState state() {
		InvalidationSubscriber present = this.subscriber.get();
		if (present == null) {
			return new NearState(NearState.Status.OFF, null);
		}
		return this.liveness.isAlive(System.nanoTime()) ? new NearState(NearState.Status.LISTENING, null)
				: new NearState(NearState.Status.BYPASSED, present.reason());
	}

	/**
	 * Return the number of invalidations that this instance has sent.
	 * @return the number of messages
	 */
	public long sent() {
		return this.publisher.sent();
	}

	/**
	 * Return the number of invalidations received from peers.
	 * @return the number of messages
	 */
	public long received() {
		return this.received.sum();
	}

	/**
	 * Return the leases and suspensions of strict near caches.
	 * @return the numbers
	 */
	public NearLeaseStatus leases() {
		return new NearLeaseStatus(this.leases.held(), this.suspensions.sent(),
				Duration.ofNanos(this.suspensions.nanos()), this.suspensions.revoked());
	}

	/**
	 * Publish the pending changes and close the bus. Near entries are not used
	 * afterwards.
	 */
	@Override
	public void close() {
		this.leases.close();
		InvalidationSubscriber present = this.subscriber.get();
		if (present != null) {
			present.close();
		}
		this.liveness.lost();
		this.publisher.close();
	}

	/**
	 * Processes the received messages on the subscriber's thread.
	 */
	final class Receiver {

		private final PeerTracker peers = new PeerTracker();

		private volatile long ownHeartbeatAt = System.nanoTime();

		/**
		 * Start processing. Messages sent before the subscription may be lost, so all
		 * near entries are dropped.
		 */
		void begin() {
			this.peers.forget();
			dropAll();
			InvalidationBus.this.suspensions.sendAgain();
		}

		void receive(String text) {
			InvalidationMessage message = InvalidationMessage.parse(text);
			if (message == null) {
				dropAll(); // The message comes from a later version, so it may mean any
							// change.
			}
			else if (message.sender().equals(InvalidationBus.this.instance)) {
				receiveOwn(message);
			}
			else if (message instanceof InvalidationMessage.Alive) {
				this.peers.heartbeat(message.sender(), System.nanoTime());
			}
			else if (message instanceof InvalidationMessage.Gone) {
				this.peers.gone(message.sender());
			}
			else if (message instanceof InvalidationMessage.Changed changed) {
				receive(changed);
			}
			else if (message instanceof InvalidationMessage.Suspend suspend) {
				receive(suspend);
			}
			else if (message instanceof InvalidationMessage.Suspended suspended) {
				if (suspended.writer().equals(InvalidationBus.this.instance)) {
					InvalidationBus.this.suspensions.acknowledged(suspended.number(), suspended.sender());
				}
			}
			else if (message instanceof InvalidationMessage.Resume resume) {
				NearCache cache = InvalidationBus.this.cachesById.get(resume.cacheId());
				if (cache != null) {
					cache.suspended().remove(new SuspendedKeys.Source(resume.sender(), resume.number()));
				}
			}
		}

		/**
		 * Acknowledged without a near cache, too: there is nothing to suspend.
		 */
		private void receive(InvalidationMessage.Suspend suspend) {
			NearCache cache = InvalidationBus.this.cachesById.get(suspend.cacheId());
			if (cache != null) {
				cache.suspend(new SuspendedKeys.Source(suspend.sender(), suspend.number()), suspend.hashes());
			}
			InvalidationBus.this.publisher.add(new InvalidationMessage.Suspended(InvalidationBus.this.instance,
					suspend.sender(), suspend.number()));
		}

		/**
		 * Process a message of this instance. Its own changes are already applied.
		 */
		private void receiveOwn(InvalidationMessage message) {
			if (message instanceof InvalidationMessage.Alive alive) {
				this.ownHeartbeatAt = alive.ticks();
				InvalidationBus.this.liveness.confirm(alive.ticks());
			}
		}

		private void receive(InvalidationMessage.Changed changed) {
			drop(changed.cacheId(), changed.hashes());
			InvalidationBus.this.received.increment();
			Duration delay = WallClock.since(changed.micros());
			InvalidationBus.this.monitor.invalidated(delay);
		}

		/**
		 * Called when all received messages are processed.
		 */
		void processed() {
			if (this.peers.isPeerMissing(System.nanoTime())) {
				dropAll();
			}
		}

		/**
		 * Called when the subscription ends.
		 */
		void end() {
			InvalidationBus.this.liveness.lost();
			dropAll();
		}

		/**
		 * Return when this instance sent the latest of its own heartbeats that it
		 * received, by {@link System#nanoTime()}.
		 */
		long ownHeartbeatAt() {
			return this.ownHeartbeatAt;
		}

	}

	/**
	 * Receives the changes of one cache from the store.
	 */
	private final class ChangesOf implements ChangeListener {

		private final @Nullable NearCache nearEntries;

		ChangesOf(@Nullable NearCache nearEntries) {
			this.nearEntries = nearEntries;
		}

		@Override
		public boolean hasNearCache() {
			return this.nearEntries != null;
		}

		@Override
		public List<String> found(CacheHandle cache, CacheRow row, boolean isNewlyMarked) {
			if (!row.holders().isEmpty() && InvalidationBus.this.notifications.canListen()) {
				subscribe(); // for the acknowledgements
			}
			if (this.nearEntries != null) {
				InvalidationBus.this.cachesById.put(row.id(), this.nearEntries);
				if (this.nearEntries.isStrict()) {
					InvalidationBus.this.leases.hold(this.nearEntries, cache, row.id());
				}
				if (isNewlyMarked) {
					this.nearEntries.pause(InvalidationBus.this.notifications.longestIgnorance());
				}
			}
			InvalidationBus.this.publisher.start();
			return List.of(InvalidationBus.this.publisher.alive());
		}

		@Override
		public void changed(@Nullable Integer cacheId, @Nullable String key, boolean isCertain) {
			Long hash = (key != null) ? KeyHash.of(key) : null;
			if (this.nearEntries != null) {
				if (hash != null) {
					this.nearEntries.drop(hash);
				}
				else {
					this.nearEntries.dropAll();
				}
			}
			if (cacheId != null) {
				InvalidationBus.this.publisher.add(cacheId, hash);
				if (!isCertain) {
					InvalidationBus.this.publisher.addUncertain(cacheId);
				}
			}
		}

		@Override
		public CompletableFuture<Suspension> suspend(CacheRow row, @Nullable Set<String> keys) {
			NearCache strict = (this.nearEntries != null && this.nearEntries.isStrict()) ? this.nearEntries : null;
			if (strict == null && row.holders().isEmpty()) {
				return CompletableFuture.completedFuture(Suspension.NONE);
			}
			List<Long> hashes = (keys != null) ? keys.stream().map(KeyHash::of).toList() : null;
			return InvalidationBus.this.suspensions.begin(strict, row.id(), hashes, row.holders());
		}

		@Override
		public List<String> messages(int cacheId, @Nullable Set<String> keys) {
			PendingInvalidations changes = new PendingInvalidations();
			long micros = WallClock.micros();
			if (keys == null) {
				changes.add(cacheId, null, micros);
			}
			else {
				keys.forEach((key) -> changes.add(cacheId, KeyHash.of(key), micros));
			}
			return changes.messages(InvalidationBus.this.instance);
		}

	}

}
