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
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import io.psqache.StoreException;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.NearLeases;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of this instance on caches whose near entries are strict: the holder's part
 * of the protocol (see {@code SuspendedChange}). One thread takes the leases, renews
 * them, and replaces lost ones. Thread-safe.
 */
final class Leases implements AutoCloseable {

	/**
	 * The fraction of its length for which a lease is used after a renewal began. A
	 * writer waits for 0.75 of the length after a revocation: the difference allows for
	 * clocks whose rates differ by 7 %.
	 */
	private static final double USED = 0.7;

	/**
	 * A suspension that lasts for more lengths of a lease counts as lost.
	 */
	private static final int LONGEST_SUSPENSION = 5;

	/**
	 * The interval between checks for the end of earlier writers.
	 */
	private static final Duration POLL = Duration.ofMillis(20);

	/**
	 * The pause between the loss of a lease and the next attempt.
	 */
	private static final Duration RETRY = Duration.ofSeconds(1);

	/**
	 * The pause if the cache can have no lease, because it is watched or locked.
	 */
	private static final Duration LONG_RETRY = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(Leases.class);

	private final NearLeases table;

	private final String instance;

	private final Duration length;

	private final BooleanSupplier listening;

	private final List<Lease> leases = new CopyOnWriteArrayList<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition something = this.lock.newCondition();

	private final Thread thread = new Thread(this::run, "psqache-leases");

	private boolean started;

	private boolean news;

	private volatile boolean closed;

	/**
	 * Create a new instance.
	 * @param instance the name of this instance
	 * @param length the length of a lease
	 * @param listening whether this instance receives messages
	 */
	Leases(NearLeases table, String instance, Duration length, BooleanSupplier listening) {
		this.table = table;
		this.instance = instance;
		this.length = length;
		this.listening = listening;
		this.thread.setDaemon(true);
	}

	/**
	 * Return how long near entries are valid after a renewal began.
	 */
	static Duration use(Duration length) {
		return Duration.ofMillis((long) (length.toMillis() * USED));
	}

	/**
	 * Hold a lease from now on, in place of one on an earlier id of the cache.
	 */
	void hold(NearCache nearCache, CacheHandle cache, int cacheId) {
		this.lock.lock();
		try {
			if (this.leases.stream().anyMatch((lease) -> lease.nearCache == nearCache && lease.cacheId == cacheId)) {
				return;
			}
			this.leases.stream().filter((lease) -> lease.nearCache == nearCache).forEach(Lease::lose);
			this.leases.removeIf((lease) -> lease.nearCache == nearCache);
			this.leases.add(new Lease(nearCache, cache, cacheId));
			this.news = true;
			this.something.signal();
			if (!this.started && !this.closed) {
				this.started = true;
				this.thread.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the number of leases that are held now.
	 */
	long held() {
		long now = System.nanoTime();
		return this.leases.stream().filter((lease) -> lease.nearCache.liveness().isAlive(now)).count();
	}

	private void run() {
		try {
			while (!this.closed) {
				turn();
				rest();
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The thread of leases was interrupted", ex); // Leases lapse.
		}
	}

	private void turn() {
		try {
			this.leases.forEach(Lease::loseIfInDoubt);
			if (this.listening.getAsBoolean()) {
				this.leases.forEach(Lease::takeIfDue);
				awaitWriters();
				renew();
			}
		}
		catch (StoreException ex) {
			logger.debug("Leases on near caches could not be renewed", ex); // They lapse.
		}
		catch (RuntimeException ex) {
			logger.warn("Leases on near caches could not be renewed", ex);
		}
	}

	private void rest() throws InterruptedException {
		boolean waiting = this.leases.stream().anyMatch(Lease::isUnused);
		long rest = (waiting ? POLL : this.length.dividedBy(4)).toNanos();
		this.lock.lock();
		try {
			while (!this.news && !this.closed && rest > 0) {
				rest = this.something.awaitNanos(rest);
			}
			this.news = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitWriters() {
		List<Lease> waiting = this.leases.stream().filter((lease) -> lease.writers != null).toList();
		if (!waiting.isEmpty()) {
			Set<String> writers = this.table.writers().await();
			waiting.forEach((lease) -> lease.await(writers));
		}
	}

	private void renew() {
		List<Lease> held = this.leases.stream().filter(Lease::isHeld).toList();
		if (!held.isEmpty()) {
			long begun = System.nanoTime();
			Set<Long> renewed = this.table.renew(this.instance).await();
			held.forEach((lease) -> lease.renew(renewed, begun));
		}
	}

	@Override
	public void close() {
		boolean running;
		this.lock.lock();
		try {
			running = this.started && !this.closed;
			this.closed = true;
			this.something.signal();
		}
		finally {
			this.lock.unlock();
		}
		if (!running) {
			return;
		}
		try {
			this.thread.join();
			this.leases.forEach(Lease::lose);
			this.table.deleteAll(this.instance).await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt(); // The leases lapse.
		}
		catch (StoreException ex) {
			logger.debug("Leases on near caches could not be deleted", ex); // They lapse.
		}
	}

	/**
	 * A lease that is held or due. Only the thread of the leases changes it, except for
	 * its loss.
	 */
	private final class Lease {

		private final NearCache nearCache;

		private final CacheHandle cache;

		private final int cacheId;

		private @Nullable Long id;

		/**
		 * The transactions whose end is awaited; {@code null} if they are not known yet,
		 * or have all ended.
		 */
		private @Nullable Collection<String> writers;

		private long takenAt;

		private long dueAt = System.nanoTime();

		Lease(NearCache nearCache, CacheHandle cache, int cacheId) {
			this.nearCache = nearCache;
			this.cache = cache;
			this.cacheId = cacheId;
		}

		boolean isHeld() {
			return this.id != null && this.writers == null;
		}

		boolean isUnused() {
			return this.writers != null;
		}

		void takeIfDue() {
			long now = System.nanoTime();
			if (this.id != null || now - this.dueAt < 0) {
				return;
			}
			this.takenAt = now;
			this.dueAt = now + RETRY.toNanos();
			OptionalLong taken = Leases.this.table.take(this.cacheId, Leases.this.instance, Leases.this.length).await();
			this.cache.forget(); // The known row has other leases.
			if (taken.isEmpty()) {
				this.dueAt = now + LONG_RETRY.toNanos();
				return;
			}
			Set<String> present = Leases.this.table.writers().await();
			this.writers = present;
			this.id = taken.getAsLong();
		}

		/**
		 * Remove the transactions that have ended. When the last has ended, suspensions
		 * from before the lease are over too, or repeated.
		 */
		void await(Set<String> present) {
			Collection<String> awaited = this.writers;
			if (awaited == null) {
				return;
			}
			awaited.retainAll(present);
			if (awaited.isEmpty()) {
				this.nearCache.suspended().removeOlderThan(this.takenAt);
				this.writers = null;
			}
		}

		void renew(Set<Long> renewed, long begun) {
			if (this.id != null && renewed.contains(this.id)) {
				this.nearCache.liveness().confirm(begun);
			}
			else {
				lose();
			}
		}

		/**
		 * The message that ends a suspension, or its writer, may be lost.
		 */
		void loseIfInDoubt() {
			if (this.id != null && this.nearCache.suspended()
				.isAnyOlderThan(System.nanoTime() - Leases.this.length.multipliedBy(LONGEST_SUSPENSION).toNanos())) {
				lose();
				this.dueAt = System.nanoTime();
			}
		}

		void lose() {
			this.nearCache.liveness().lost();
			this.nearCache.dropAll();
			this.id = null;
			this.writers = null;
			this.dueAt = System.nanoTime() + RETRY.toNanos();
		}

	}

}
