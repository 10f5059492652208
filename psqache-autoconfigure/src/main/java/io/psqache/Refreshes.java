package io.psqache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.LoadTurns.Turn;
import io.psqache.SingleFlight.Flight;
import io.psqache.SingleFlight.Loaded;
import io.psqache.store.EntryAge;
import io.psqache.store.Fence;
import io.psqache.store.LoadLeases;
import io.psqache.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Loads entries of one cache anew that can still be read, while their readers go on with
 * what there is. One reader of an old entry has it refreshed, of this instance or of all,
 * as the cache is set. Thread-safe.
 */
final class Refreshes {

	/**
	 * Until the next attempt after one that has failed.
	 */
	private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

	/**
	 * Until this instance asks again whether another one still refreshes.
	 */
	private static final Duration ELSEWHERE = Duration.ofMillis(250);

	private final CacheCore cache;

	private final CacheEntries entries;

	private final LoadStatistics statistics;

	private final boolean everywhere;

	Refreshes(CacheCore cache, CacheEntries entries) {
		this.cache = cache;
		this.entries = entries;
		this.statistics = cache.statistics().loading();
		this.everywhere = cache.settings().loading().singleFlight() == SingleFlightScope.CLUSTER;
	}

	/**
	 * Have an entry refreshed that was read, if it is due. What a transaction loads may
	 * depend on it, so that no other thread could: there nothing is.
	 */
	void afterRead(CacheKey key, Lookup read, Callable<?> loader) {
		afterReadAsync(key, read, () -> {
			try {
				return CompletableFuture.completedFuture(loader.call());
			}
			catch (Throwable ex) {
				return CompletableFuture.failedFuture(ex);
			}
		});
	}

	/**
	 * As {@link #afterRead}, for a loader that blocks nobody.
	 */
	void afterReadAsync(CacheKey key, Lookup read,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		countIfStale(read);
		EntryAge age = read.age();
		if (age != null && isDue(read) && this.cache.refreshClaims().claim(key.stored(), Loads.PATIENCE)
				&& !this.cache.threads().run(() -> refresh(key, age, loader))) {
			this.statistics.skippedRefresh();
			this.cache.refreshClaims().giveUp(key.stored()); // for the next reader
		}
	}

	private boolean isDue(Lookup read) {
		return this.cache.freshness().isRefreshDue(read.age()) && !this.entries.inTransaction();
	}

	private void countIfStale(Lookup read) {
		if (this.cache.freshness().isStale(read.age())) {
			this.statistics.stale(StaleReason.FRESH_FOR);
		}
	}

	/**
	 * As a flight of its own: who misses the key meanwhile shares it.
	 */
	private void refresh(CacheKey key, EntryAge age,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		this.cache.loads()
			.loadAsync(key.stored(), (flight) -> load(flight, key, age, loader))
			.whenComplete((value, failure) -> {
				if (failure != null) {
					this.cache.refreshClaims().prolong(key.stored(), AFTER_FAILURE);
					this.statistics.failedRefresh();
					this.cache.failures().refreshFailed(LoadFailure.unwrapped(failure));
				}
			});
	}

	private CompletableFuture<Loaded> load(Flight flight, CacheKey key, EntryAge age,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		Turn turn = this.everywhere ? this.cache.turns().take(key.stored()) : Turn.FREE;
		if (turn == null) {
			this.cache.refreshClaims().prolong(key.stored(), ELSEWHERE);
			return CompletableFuture.completedFuture(Loaded.NOTHING);
		}
		return loadUnlessChanged(flight, key, age, loader).whenComplete((loaded, failure) -> turn.close());
	}

	/**
	 * What someone has written since the old entry was read needs no refresh, nor does
	 * what someone has evicted.
	 */
	private CompletableFuture<Loaded> loadUnlessChanged(Flight flight, CacheKey key, EntryAge age,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		try {
			EntryAge present = this.entries.read(key).age();
			if (present == null || present.sinceWritten().compareTo(age.sinceWritten()) < 0) {
				this.cache.refreshClaims().giveUp(key.stored());
				return CompletableFuture.completedFuture(Loaded.NOTHING);
			}
			Fence fence = this.entries.fence();
			long begin = System.nanoTime();
			this.statistics.load();
			return loader.get().thenCompose((value) -> {
				this.cache.freshness().loaded(begin);
				flight.close();
				return this.entries.loadedAsync(key.stored(), value, fence).thenApply((current) -> {
					this.cache.refreshClaims().giveUp(key.stored());
					this.statistics.refresh();
					return new Loaded(value, current);
				});
			});
		}
		catch (Throwable ex) { // the turn ends, whatever the loader throws
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * What a caller is told who will put what he loads, and brings no loader: that there
	 * is nothing, if it is for him to refresh the entry.
	 */
	Lookup orMiss(CacheKey key, Lookup read) {
		if (!isDue(read) || !this.cache.refreshClaims().claim(key.stored(), LoadLeases.LIFE)) {
			countIfStale(read);
			return read;
		}
		try {
			if (!this.everywhere
					|| this.cache.store().entries().loadLeases().take(this.cache.handle(), key.stored()).await()) {
				return Lookup.miss(fenceOrGiveBack(key));
			}
			this.cache.refreshClaims().prolong(key.stored(), ELSEWHERE);
		}
		catch (StoreException ex) {
			this.cache.failures().tolerate(CacheOperation.LOAD, ex);
		}
		countIfStale(read);
		return read;
	}

	private Fence fenceOrGiveBack(CacheKey key) {
		try {
			return this.entries.fence();
		}
		catch (StoreException ex) {
			giveBack(key.stored());
			throw ex;
		}
	}

	private void giveBack(String key) {
		if (this.everywhere) {
			this.cache.store().entries().loadLeases().giveBack(this.cache.handle(), key).async();
		}
	}

	/**
	 * As {@link #orMiss}, without waiting.
	 */
	CompletableFuture<Lookup> orMissAsync(CacheKey key, Lookup read) {
		if (!isDue(read) || !this.cache.refreshClaims().claim(key.stored(), LoadLeases.LIFE)) {
			countIfStale(read);
			return CompletableFuture.completedFuture(read);
		}
		CompletableFuture<Boolean> mine = this.everywhere
				? this.cache.store().entries().loadLeases().take(this.cache.handle(), key.stored()).async()
				: CompletableFuture.completedFuture(true);
		return mine.thenCompose((taken) -> {
			if (taken) {
				return this.entries.fenceAsync().whenComplete((fence, failure) -> {
					if (failure != null) {
						giveBack(key.stored());
					}
				}).thenApply(Lookup::miss);
			}
			this.cache.refreshClaims().prolong(key.stored(), ELSEWHERE);
			countIfStale(read);
			return CompletableFuture.completedFuture(read);
		}).exceptionally((failure) -> {
			this.cache.failures().tolerate(CacheOperation.LOAD, failure);
			countIfStale(read);
			return read;
		});
	}

	/**
	 * What was loaded after a miss has been put: let others know that nobody refreshes
	 * the entry any more.
	 */
	void afterPut(String key) {
		if (this.cache.refreshClaims().giveUp(key)) {
			this.statistics.refresh();
			giveBack(key);
		}
	}

}
