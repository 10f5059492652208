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
import io.psqache.internal.load.LoadLock.Turn;
import io.psqache.internal.load.SingleFlight.Flight;
import io.psqache.internal.load.SingleFlight.Loaded;
import io.psqache.internal.store.Fence;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Loads what is missing in one cache, and writes it. A caller that misses a key while it
 * is being loaded waits for that load, of this instance of the application or of all, as
 * the cache is set. Thread-safe.
 */
final class LoadCoordinator {

	/**
	 * How long a caller waits for a load that another one began.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(30);

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
	 * Load after a miss, unless another caller does.
	 * @return the value; fails with what the loader threw, this one or that of another
	 * caller in this JVM
	 */
	CompletableFuture<@Nullable Object> load(CacheKey key, Lookup miss, Loader loader, CallMode mode) {
		Backoff backoff = new Backoff(PATIENCE);
		if (!this.timeLimit.isSet()) {
			return this.context.flights.load(key.stored(),
					(flight) -> new Load(flight, key, loader, mode).begin(miss, backoff), mode);
		}
		return this.timeLimit.on(key,
				this.context.flights.load(key.stored(),
						(flight) -> elsewhere(mode, () -> new Load(flight, key, loader, mode).begin(miss, backoff)),
						CallMode.ASYNC),
				mode);
	}

	/**
	 * Load whatever others do.
	 */
	CompletableFuture<@Nullable Object> loadAlone(CacheKey key, @Nullable Fence fence, Loader loader, CallMode mode) {
		if (!this.timeLimit.isSet() || this.reader.inTransaction()) {
			return loadHere(key, fence, loader, mode);
		}
		return this.timeLimit.on(key, elsewhere(mode, () -> loadHere(key, fence, loader, mode)), mode);
	}

	private CompletableFuture<@Nullable Object> loadHere(CacheKey key, @Nullable Fence fence, Loader loader,
			CallMode mode) {
		return CallMode.then(this.context.call(loader), (value, failure) -> (failure != null)
				? this.staleFallback.orFail(key, failure, mode)
				: this.writer.loaded(key.stored(), value, fence, mode).<@Nullable Object>thenApply((current) -> value));
	}

	/**
	 * Load on a thread that goes on when the caller stops waiting; if all are busy, on
	 * that of the caller.
	 */
	private <T> CompletableFuture<T> elsewhere(CallMode mode, Supplier<CompletableFuture<T>> load) {
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
	 * One load after a miss, with or without a turn to wait for.
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
			return turn(miss).thenCompose((turn) -> {
				if (turn != null) {
					return in(turn, miss);
				}
				LoadCoordinator.this.context.statistics.waits.increment();
				return CallMode.untilPresent(() -> awaitTurn(miss, backoff));
			});
		}

		private CompletableFuture<@Nullable Turn> turn(Lookup lookup) {
			return lookup.failed() ? CompletableFuture.completedFuture(Turn.FREE)
					: LoadCoordinator.this.context.lock.take(this.key.stored(), this.mode);
		}

		/**
		 * Look before taking the turn, and {@linkplain #loadUnlessPresent again after
		 * it}: the value may have been stored in between.
		 * @return {@code null} if another instance still loads
		 */
		private CompletableFuture<@Nullable Loaded> awaitTurn(Lookup miss, Backoff backoff) {
			return backoff.pause(this.mode)
				.thenCompose(
						(patient) -> LoadCoordinator.this.reader.read(this.key, this.mode).thenCompose((lookup) -> {
							ValueWrapper present = lookup.hit();
							if (present != null) {
								return CompletableFuture.<@Nullable Loaded>completedFuture(shared(present));
							}
							return (patient ? turn(lookup)
									: CompletableFuture.<@Nullable Turn>completedFuture(Turn.FREE))
								.thenCompose((turn) -> (turn != null) ? in(turn, miss).thenApply((loaded) -> loaded)
										: CompletableFuture.<@Nullable Loaded>completedFuture(null));
						}));
		}

		/**
		 * What was read while others came: one of them may know of a later change. They
		 * read once more.
		 */
		private Loaded shared(ValueWrapper present) {
			LoadCoordinator.this.context.statistics.shared.increment();
			return new Loaded(present.get(), false);
		}

		private CompletableFuture<Loaded> in(Turn turn, Lookup miss) {
			return turn.during(() -> {
				CompletableFuture<Lookup> again = miss.failed() ? CompletableFuture.completedFuture(miss)
						: LoadCoordinator.this.reader.readOrFence(this.key, this.mode);
				return again.thenCompose(this::loadUnlessPresent);
			});
		}

		/**
		 * Another load may have ended between the miss and the start of this one. Callers
		 * that come while the value is being written must not share it: they may know of
		 * a change that it comes too late for.
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
