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

package io.psqache.internal.load;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.CacheHandle;
import org.jspecify.annotations.Nullable;

/**
 * Restricts the load of a key to the instance that holds its lease. If PostgreSQL does
 * not answer, every instance may load. Thread-safe.
 */
final class LoadLock {

	/**
	 * The keys whose lease this instance holds or is acquiring. A second load of such a
	 * key must not wait for the first: it is nested in the first, or the entry was
	 * evicted in between.
	 */
	private final Set<String> heldKeys = ConcurrentHashMap.newKeySet();

	private final CacheHandle cache;

	private final LoadLeases leases;

	private final LoadFailures failures;

	private final boolean clusterWide;

	/**
	 * Create a new instance.
	 * @param clusterWide whether instances exclude each other; otherwise each instance
	 * may load at any time
	 */
	LoadLock(CacheHandle cache, LoadLeases leases, LoadFailures failures, boolean clusterWide) {
		this.cache = cache;
		this.leases = leases;
		this.failures = failures;
		this.clusterWide = clusterWide;
	}

	/**
	 * Acquire the permit to load.
	 * @return the permit, to be closed after the load; {@code null} while a peer holds
	 * the lease. The future never fails
	 */
	CompletableFuture<@Nullable Permit> take(String key, CallMode mode) {
		if (!this.clusterWide || !this.heldKeys.add(key)) {
			return CompletableFuture.completedFuture(Permit.UNLEASED);
		}
		try {
			return this.leases.take(this.cache, key)
				.in(mode)
				.handle((taken, failure) -> (failure != null) ? failed(key, failure) : taken(key, taken));
		}
		catch (RuntimeException | Error ex) {
			this.heldKeys.remove(key);
			throw ex;
		}
	}

	private @Nullable Permit taken(String key, boolean taken) {
		if (taken) {
			return new LeasedPermit(key);
		}
		this.heldKeys.remove(key);
		return null;
	}

	/**
	 * Permit the load, although it is unknown whether the lease was taken. The permit
	 * releases the lease, so that no peer waits for it.
	 */
	private Permit failed(String key, Throwable failure) {
		this.heldKeys.remove(key);
		this.failures.leaseFailed(failure);
		return () -> this.leases.release(this.cache, key).in(CallMode.ASYNC);
	}

	/**
	 * Take the lease for a caller without a loader. The lease is not renewed, because the
	 * caller may not load at all.
	 * @return whether this instance holds the lease, until it is {@linkplain #release
	 * released} or lapses; the future fails if PostgreSQL does not answer
	 */
	CompletableFuture<Boolean> lease(String key, CallMode mode) {
		return this.clusterWide ? this.leases.take(this.cache, key).in(mode) : CompletableFuture.completedFuture(true);
	}

	void release(String key) {
		if (this.clusterWide) {
			this.leases.release(this.cache, key).in(CallMode.ASYNC);
		}
	}

	/**
	 * The permission to load a key.
	 */
	@FunctionalInterface
	interface Permit {

		/**
		 * Permits a load that excludes no other load.
		 */
		Permit UNLEASED = () -> {
		};

		/**
		 * End the permission. Called after the load, when its value is stored or refused.
		 */
		void close();

		/**
		 * Load, and close this permit even if the load fails.
		 * @param load starts the load
		 */
		default <T> CompletableFuture<T> during(Supplier<CompletableFuture<T>> load) {
			return CompletableFuture.completedFuture(this)
				.thenCompose((permit) -> load.get())
				.whenComplete((loaded, failure) -> close());
		}

	}

	/**
	 * Renews the lease until the load ends. If a renewal fails, the lease lapses, and a
	 * peer may load too.
	 */
	private final class LeasedPermit implements Permit {

		private static final Duration RENEWAL = LoadLeases.LIFE.dividedBy(3);

		private final String key;

		private volatile boolean closed;

		LeasedPermit(String key) {
			this.key = key;
			renewLater();
		}

		private void renewLater() {
			CompletableFuture.delayedExecutor(RENEWAL.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
				.execute(this::renew);
		}

		private void renew() {
			if (!this.closed) {
				logged(LoadLock.this.leases.renew(LoadLock.this.cache, this.key).in(CallMode.ASYNC));
				renewLater();
			}
		}

		@Override
		public void close() {
			this.closed = true;
			LoadLock.this.heldKeys.remove(this.key);
			logged(LoadLock.this.leases.release(LoadLock.this.cache, this.key).in(CallMode.ASYNC));
		}

		private void logged(CompletableFuture<Boolean> change) {
			change.exceptionally((failure) -> {
				LoadLock.this.failures.leaseFailed(failure);
				return false;
			});
		}

	}

}
