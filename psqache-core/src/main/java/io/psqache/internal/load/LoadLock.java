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
 * Lets one instance of the application at a time load a key of one cache: the one that
 * has the lease of the key. If PostgreSQL does not answer, every instance may load.
 * Thread-safe.
 */
final class LoadLock {

	/**
	 * Keys that this instance has the lease of already. Another load of such a key began
	 * because it must not wait for the first one: it is part of it, or the entry was
	 * evicted meanwhile.
	 */
	private final Set<String> own = ConcurrentHashMap.newKeySet();

	private final CacheHandle cache;

	private final LoadLeases leases;

	private final LoadFailures failures;

	private final boolean everywhere;

	/**
	 * Create it.
	 * @param everywhere whether instances exclude each other; else each may load at any
	 * time
	 */
	LoadLock(CacheHandle cache, LoadLeases leases, LoadFailures failures, boolean everywhere) {
		this.cache = cache;
		this.leases = leases;
		this.failures = failures;
		this.everywhere = everywhere;
	}

	/**
	 * Take the turn to load.
	 * @return to be closed when the load has ended; {@code null} while another instance
	 * has it. Never fails
	 */
	CompletableFuture<@Nullable Turn> take(String key, CallMode mode) {
		if (!this.everywhere || !this.own.add(key)) {
			return CompletableFuture.completedFuture(Turn.FREE);
		}
		try {
			return this.leases.take(this.cache, key)
				.in(mode)
				.handle((taken, failure) -> (failure != null) ? failed(key, failure) : taken(key, taken));
		}
		catch (RuntimeException | Error ex) {
			this.own.remove(key);
			throw ex;
		}
	}

	private @Nullable Turn taken(String key, boolean taken) {
		if (taken) {
			return new LeasedTurn(key);
		}
		this.own.remove(key);
		return null;
	}

	/**
	 * It is not known whether the lease was taken. If it was, no instance is to wait for
	 * it.
	 */
	private Turn failed(String key, Throwable failure) {
		this.own.remove(key);
		this.failures.leaseFailed(failure);
		return () -> this.leases.giveBack(this.cache, key).in(CallMode.ASYNC);
	}

	/**
	 * Take the turn for a caller without a loader. Whether it loads at all is not known,
	 * so that the lease is not renewed.
	 * @return whether this instance has it, until it {@linkplain #giveBack gives it back}
	 * or it lapses; fails if PostgreSQL does not answer
	 */
	CompletableFuture<Boolean> lease(String key, CallMode mode) {
		return this.everywhere ? this.leases.take(this.cache, key).in(mode) : CompletableFuture.completedFuture(true);
	}

	void giveBack(String key) {
		if (this.everywhere) {
			this.leases.giveBack(this.cache, key).in(CallMode.ASYNC);
		}
	}

	/**
	 * A turn to load.
	 */
	@FunctionalInterface
	interface Turn {

		/**
		 * A load that excludes no other.
		 */
		Turn FREE = () -> {
		};

		/**
		 * The load has ended, and its value is stored if it is to be.
		 */
		void close();

		/**
		 * Load, and end the turn whatever happens.
		 * @param load begins the load
		 */
		default <T> CompletableFuture<T> during(Supplier<CompletableFuture<T>> load) {
			return CompletableFuture.completedFuture(this)
				.thenCompose((turn) -> load.get())
				.whenComplete((loaded, failure) -> close());
		}

	}

	/**
	 * A turn that lasts as long as the load. If the lease cannot be renewed or given back
	 * it lapses, and another instance may load too.
	 */
	private final class LeasedTurn implements Turn {

		private static final Duration RENEWAL = LoadLeases.LIFE.dividedBy(3);

		private final String key;

		private volatile boolean over;

		LeasedTurn(String key) {
			this.key = key;
			renewLater();
		}

		private void renewLater() {
			CompletableFuture.delayedExecutor(RENEWAL.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
				.execute(this::renew);
		}

		private void renew() {
			if (!this.over) {
				logged(LoadLock.this.leases.renew(LoadLock.this.cache, this.key).in(CallMode.ASYNC));
				renewLater();
			}
		}

		@Override
		public void close() {
			this.over = true;
			LoadLock.this.own.remove(this.key);
			logged(LoadLock.this.leases.giveBack(LoadLock.this.cache, this.key).in(CallMode.ASYNC));
		}

		private void logged(CompletableFuture<Boolean> change) {
			change.exceptionally((failure) -> {
				LoadLock.this.failures.leaseFailed(failure);
				return false;
			});
		}

	}

}
