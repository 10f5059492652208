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
import java.util.HexFormat;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import io.psqache.CacheMonitor;
import io.psqache.NearSettings;
import io.psqache.NearState;
import io.psqache.internal.store.ChangeListener;
import io.psqache.internal.store.KeyHash;
import io.psqache.internal.store.Notifications;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the near caches of all instances coherent: announces what this instance changes,
 * and drops what others have changed. Thread-safe.
 * <p>
 * It listens only if a cache here keeps copies, and announces only changes of caches of
 * which some instance does. Until then it has no thread.
 */
public final class InvalidationBus implements AutoCloseable {

	private final Notifications notifications;

	private final ImmutableTypes immutableTypes;

	private final String instance = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());

	private final InvalidationPublisher announcer;

	private final Liveness liveness = new Liveness();

	private final Collection<NearCache> caches = new CopyOnWriteArrayList<>();

	private final Map<Integer, NearCache> cachesById = new ConcurrentHashMap<>();

	private final AtomicReference<@Nullable InvalidationSubscriber> listener = new AtomicReference<>();

	private final LongAdder received = new LongAdder();

	private final CacheMonitor monitor;

	/**
	 * Create a channel.
	 * @param notifications carry the messages
	 * @param immutableTypes which values may be shared
	 * @param monitor observes the invalidations of other instances
	 */
	public InvalidationBus(Notifications notifications, ImmutableTypes immutableTypes, CacheMonitor monitor) {
		this.notifications = notifications;
		this.immutableTypes = immutableTypes;
		this.monitor = monitor;
		this.announcer = new InvalidationPublisher(notifications, this.instance, this::announceAll);
	}

	/**
	 * Keep copies of a cache.
	 * @param settings its settings
	 * @param idling whether a read prolongs the life of its entries
	 * @return the copies
	 * @throws IllegalStateException if there is nothing to listen on
	 */
	public NearCache open(NearSettings settings, boolean idling) {
		if (!this.notifications.canListen()) {
			throw new IllegalStateException(
					"A near cache is enabled, but psqache has no DataSource to receive invalidations "
							+ "from. Configure the notifications of the cache manager's builder with a DataSource.");
		}
		NearCache cache = new NearCache(settings, this.immutableTypes, idling, this.liveness);
		this.caches.add(cache);
		if (this.listener.get() == null) {
			InvalidationSubscriber made = new InvalidationSubscriber(this.notifications, this.announcer, new Ear());
			if (this.listener.compareAndSet(null, made)) {
				this.announcer.start();
				made.start();
			}
		}
		return cache;
	}

	/**
	 * What is to be told of the changes of a cache.
	 * @param copies its copies in this process, if any are kept
	 * @return the listener, for the store's handle of the cache
	 */
	public ChangeListener changesOf(@Nullable NearCache copies) {
		return new ChangesOf(copies);
	}

	/**
	 * All entries of a cache have changed, by other means than its handle.
	 * @param cacheId the id of the cache
	 */
	public void changed(int cacheId) {
		this.announcer.start();
		announceAll(cacheId);
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

	private void announceAll(int cacheId) {
		drop(cacheId, null);
		this.announcer.add(cacheId, null);
	}

	private void dropAll() {
		this.caches.forEach(NearCache::dropAll);
	}

	/**
	 * Whether copies are used now.
	 * @return the state
	 */
	public NearState state() {
		InvalidationSubscriber present = this.listener.get();
		if (present == null) {
			return new NearState(NearState.Status.OFF, null);
		}
		return this.liveness.isAlive(System.nanoTime()) ? new NearState(NearState.Status.LISTENING, null)
				: new NearState(NearState.Status.BYPASSED, present.reason());
	}

	/**
	 * How many messages about changes this instance has sent.
	 * @return their number
	 */
	public long sent() {
		return this.announcer.sent();
	}

	/**
	 * How many messages about changes this instance has received, its own not counted.
	 * @return their number
	 */
	public long received() {
		return this.received.sum();
	}

	/**
	 * Tell what is left to tell, and end. Copies are not used from now on.
	 */
	@Override
	public void close() {
		InvalidationSubscriber present = this.listener.get();
		if (present != null) {
			present.close();
		}
		this.liveness.lost();
		this.announcer.close();
	}

	/**
	 * Takes in what the listener hears, on its thread.
	 */
	final class Ear {

		private final PeerTracker senders = new PeerTracker();

		private volatile long heardItselfAt = System.nanoTime();

		/**
		 * From now on everything is heard. What was sent before was not.
		 */
		void begin() {
			this.senders.forget();
			dropAll();
		}

		void hear(String text) {
			InvalidationMessage message = InvalidationMessage.parse(text);
			if (message == null) {
				dropAll(); // a later version knows what it means
			}
			else if (message.sender().equals(InvalidationBus.this.instance)) {
				hearItself(message);
			}
			else if (message instanceof InvalidationMessage.Alive) {
				this.senders.heard(message.sender(), System.nanoTime());
			}
			else if (message instanceof InvalidationMessage.Gone) {
				this.senders.gone(message.sender());
			}
			else if (message instanceof InvalidationMessage.Changed changed) {
				hear(changed);
			}
		}

		/**
		 * Its own changes are long known.
		 */
		private void hearItself(InvalidationMessage message) {
			if (message instanceof InvalidationMessage.Alive alive) {
				this.heardItselfAt = alive.ticks();
				InvalidationBus.this.liveness.heard(alive.ticks());
			}
		}

		private void hear(InvalidationMessage.Changed changed) {
			drop(changed.cacheId(), changed.hashes());
			InvalidationBus.this.received.increment();
			Duration delay = WallClock.since(changed.micros());
			InvalidationBus.this.monitor.invalidated(delay);
		}

		/**
		 * There is no more to hear for the moment.
		 */
		void listened() {
			if (this.senders.isOneMissing(System.nanoTime())) {
				dropAll();
			}
		}

		/**
		 * From now on nothing is heard.
		 */
		void end() {
			InvalidationBus.this.liveness.lost();
			dropAll();
		}

		/**
		 * When this instance last said what it has heard itself say, by
		 * {@link System#nanoTime()}.
		 */
		long heardItselfAt() {
			return this.heardItselfAt;
		}

	}

	/**
	 * Is told of the changes of one cache.
	 */
	private final class ChangesOf implements ChangeListener {

		private final @Nullable NearCache copies;

		ChangesOf(@Nullable NearCache copies) {
			this.copies = copies;
		}

		@Override
		public boolean keepsCopies() {
			return this.copies != null;
		}

		@Override
		public List<String> found(int cacheId, boolean isNews) {
			if (this.copies != null) {
				InvalidationBus.this.cachesById.put(cacheId, this.copies);
				if (isNews) {
					this.copies.pause(InvalidationBus.this.notifications.longestIgnorance());
				}
			}
			InvalidationBus.this.announcer.start();
			return List.of(InvalidationBus.this.announcer.alive());
		}

		@Override
		public void changed(@Nullable Integer cacheId, @Nullable String key, boolean isCertain) {
			Long hash = (key != null) ? KeyHash.of(key) : null;
			if (this.copies != null) {
				if (hash != null) {
					this.copies.drop(hash);
				}
				else {
					this.copies.dropAll();
				}
			}
			if (cacheId != null) {
				InvalidationBus.this.announcer.add(cacheId, hash);
				if (!isCertain) {
					InvalidationBus.this.announcer.doubt(cacheId);
				}
			}
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
