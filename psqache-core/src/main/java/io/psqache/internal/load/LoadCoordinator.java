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
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.internal.codec.CacheKey;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.LoadLock.Permit;
import io.psqache.internal.load.SingleFlight.Flight;
import io.psqache.internal.load.SingleFlight.Loaded;
import io.psqache.internal.store.Fence;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Loads missing entries of one cache and writes them. A caller that misses a key during
 * its load waits for that load. The cache's {@link io.psqache.SingleFlightScope} decides
 * whether this includes loads of peers. Thread-safe.
 */
final class LoadCoordinator {

	/**
	 * How long a caller waits for the load of another caller.
	 */
	static final Duration MAX_WAIT = Duration.ofSeconds(30);

	private final LoadContext context;

	private final EntryReader reader;

	private final EntryWriter writer;

	private final StaleFallback staleFallback;

	private final LoadTimeLimit timeLimit;

	LoadCoordinator(LoadContext context, EntryReader reader, EntryWriter writer) {
		this.context = context;
		this.reader = reader;
		this.writer = writer;
		this.staleFallback = new StaleFallback(context, reader);
		this.timeLimit = new LoadTimeLimit(context, this.staleFallback);
	}

	/**
	 * Load after a miss, or wait for the load of another caller.
	 * @return the value; fails with the exception of the loader, or of the loader of
	 * another caller in this JVM
	 */
	CompletableFuture<@Nullable Object> load(CacheKey key, Lookup miss, Loader loader, CallMode mode) {
		Backoff backoff = new Backoff(MAX_WAIT);
		if (!this.timeLimit.isSet()) {
			return this.context.flights.load(key.stored(),
					(flight) -> new Load(flight, key, loader, mode).begin(miss, backoff), mode);
		}
		return this.timeLimit.on(key,
				this.context.flights.load(key.stored(),
						(flight) -> onLoadThread(mode, () -> new Load(flight, key, loader, mode).begin(miss, backoff)),
						CallMode.ASYNC),
				mode);
	}

	/**
	 * Load without regard to other callers.
	 */
	CompletableFuture<@Nullable Object> loadAlone(CacheKey key, @Nullable Fence fence, Loader loader, CallMode mode) {
		if (!this.timeLimit.isSet() || this.reader.inTransaction()) {
			return loadHere(key, fence, loader, mode);
		}
		return this.timeLimit.on(key, onLoadThread(mode, () -> loadHere(key, fence, loader, mode)), mode);
	}

	private CompletableFuture<@Nullable Object> loadHere(CacheKey key, @Nullable Fence fence, Loader loader,
			CallMode mode) {
		return CallMode.then(this.context.call(loader), (value, failure) -> (failure != null)
				? this.staleFallback.orFail(key, failure, mode)
				: this.writer.loaded(key.stored(), value, fence, mode).<@Nullable Object>thenApply((current) -> value));
	}

	/**
	 * Load on another thread, which continues when the caller stops waiting. If all load
	 * threads are busy, load on the caller's thread.
	 */
	private <T> CompletableFuture<T> onLoadThread(CallMode mode, Supplier<CompletableFuture<T>> load) {
		if (mode == CallMode.ASYNC) {
			return load.get();
		}
		CompletableFuture<@Nullable Object> begin = new CompletableFuture<>();
		CompletableFuture<T> loaded = begin.thenCompose((any) -> load.get());
		if (!this.context.threads.run(() -> begin.complete(null))) {
			begin.complete(null);
		}
		return loaded;
	}

	/**
	 * One load after a miss.
	 */
	private final class Load {

		private final Flight flight;

		private final CacheKey key;

		private final Loader loader;

		private final CallMode mode;

		Load(Flight flight, CacheKey key, Loader loader, CallMode mode) {
			this.flight = flight;
			this.key = key;
			this.loader = loader;
			this.mode = mode;
		}

		CompletableFuture<Loaded> begin(Lookup miss, Backoff backoff) {
			return acquirePermit(miss).thenCompose((permit) -> {
				if (permit != null) {
					return loadWith(permit, miss);
				}
				LoadCoordinator.this.context.statistics.waits.increment();
				return CallMode.untilPresent(() -> awaitPermit(miss, backoff));
			});
		}

		private CompletableFuture<@Nullable Permit> acquirePermit(Lookup lookup) {
			return lookup.failed() ? CompletableFuture.completedFuture(Permit.UNLEASED)
					: LoadCoordinator.this.context.lock.take(this.key.stored(), this.mode);
		}

		/**
		 * Read before acquiring the permit, and {@linkplain #loadUnlessPresent again
		 * afterwards}, because the value may be stored in between.
		 * @return {@code null} if a peer is still loading
		 */
		private CompletableFuture<@Nullable Loaded> awaitPermit(Lookup miss, Backoff backoff) {
			return backoff.pause(this.mode)
				.thenCompose(
						(keepWaiting) -> LoadCoordinator.this.reader.read(this.key, this.mode).thenCompose((lookup) -> {
							ValueWrapper present = lookup.hit();
							if (present != null) {
								return CompletableFuture.<@Nullable Loaded>completedFuture(shared(present));
							}
							return (keepWaiting ? acquirePermit(lookup)
									: CompletableFuture.<@Nullable Permit>completedFuture(Permit.UNLEASED))
								.thenCompose((permit) -> (permit != null)
										? loadWith(permit, miss).thenApply((loaded) -> loaded)
										: CompletableFuture.<@Nullable Loaded>completedFuture(null));
						}));
		}

		/**
		 * Return a value that was read, not loaded. It is not current for callers that
		 * arrived during the read, because they may know of a later change. They read
		 * again.
		 */
		private Loaded shared(ValueWrapper present) {
			LoadCoordinator.this.context.statistics.shared.increment();
			return new Loaded(present.get(), false);
		}

		private CompletableFuture<Loaded> loadWith(Permit permit, Lookup miss) {
			return permit.during(() -> {
				CompletableFuture<Lookup> again = miss.failed() ? CompletableFuture.completedFuture(miss)
						: LoadCoordinator.this.reader.readOrFence(this.key, this.mode);
				return again.thenCompose(this::loadUnlessPresent);
			});
		}

		/**
		 * Read again before loading, because another load may have ended between the miss
		 * and the start of this one. Callers that arrive during the write must not share
		 * the value, because they may know of a change after the load.
		 */
		private CompletableFuture<Loaded> loadUnlessPresent(Lookup lookup) {
			ValueWrapper present = lookup.hit();
			if (present != null) {
				return CompletableFuture.completedFuture(shared(present));
			}
			return CallMode.then(LoadCoordinator.this.context.call(this.loader), (value, failure) -> {
				this.flight.close();
				if (failure != null) {
					return LoadCoordinator.this.staleFallback.orFail(this.key, failure, this.mode)
						.thenApply(Loaded::current);
				}
				return LoadCoordinator.this.writer.loaded(this.key.stored(), value, lookup.fence(), this.mode)
					.thenApply((current) -> new Loaded(value, current));
			});
		}

	}

}
