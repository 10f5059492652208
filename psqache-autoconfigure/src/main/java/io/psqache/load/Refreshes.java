package io.psqache.load;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.codec.CacheKey;
import io.psqache.load.LoadTurns.Turn;
import io.psqache.load.SingleFlight.Flight;
import io.psqache.load.SingleFlight.Loaded;
import io.psqache.store.EntryAge;
import io.psqache.store.Fence;
import io.psqache.store.LoadLeases;
import io.psqache.engine.StoreException;
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

	private final Loading loading;

	private final EntryReader reader;

	private final EntryWriter writer;

	private final LoadStatistics statistics;

	private final RefreshClaims claims;

	private final LoadTurns turns;

	Refreshes(Loading loading, EntryReader reader, EntryWriter writer) {
		this.loading = loading;
		this.reader = reader;
		this.writer = writer;
		this.statistics = loading.statistics();
		this.claims = loading.refreshClaims();
		this.turns = loading.turns();
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
		if (age != null && isDue(read) && this.claims.claim(key.stored(), Loads.PATIENCE)
				&& !this.loading.threads().run(() -> refresh(key, age, loader))) {
			this.statistics.skippedRefresh();
			this.claims.giveUp(key.stored()); // for the next reader
		}
	}

	private boolean isDue(Lookup read) {
		return this.loading.freshness().isRefreshDue(read.age()) && !this.reader.inTransaction();
	}

	private void countIfStale(Lookup read) {
		if (this.loading.freshness().isStale(read.age())) {
			this.statistics.stale(StaleReason.FRESH_FOR);
		}
	}

	/**
	 * As a flight of its own: who misses the key meanwhile shares it.
	 */
	private void refresh(CacheKey key, EntryAge age,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		this.loading.flights()
			.loadAsync(key.stored(), (flight) -> load(flight, key, age, loader))
			.whenComplete((value, failure) -> {
				if (failure != null) {
					this.claims.prolong(key.stored(), AFTER_FAILURE);
					this.statistics.failedRefresh();
					this.loading.failures().refreshFailed(LoadFailure.unwrapped(failure));
				}
			});
	}

	private CompletableFuture<Loaded> load(Flight flight, CacheKey key, EntryAge age,
			Supplier<? extends CompletableFuture<? extends @Nullable Object>> loader) {
		Turn turn = this.turns.take(key.stored());
		if (turn == null) {
			this.claims.prolong(key.stored(), ELSEWHERE);
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
			EntryAge present = this.reader.read(key).age();
			if (present == null || present.sinceWritten().compareTo(age.sinceWritten()) < 0) {
				this.claims.giveUp(key.stored());
				return CompletableFuture.completedFuture(Loaded.NOTHING);
			}
			Fence fence = this.reader.fence();
			long begin = System.nanoTime();
			this.statistics.load();
			return loader.get().thenCompose((value) -> {
				this.loading.freshness().loaded(begin);
				flight.close();
				return this.writer.loadedAsync(key.stored(), value, fence).thenApply((current) -> {
					this.claims.giveUp(key.stored());
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
		if (!isDue(read) || !this.claims.claim(key.stored(), LoadLeases.LIFE)) {
			countIfStale(read);
			return read;
		}
		try {
			if (this.turns.lease(key.stored())) {
				return Lookup.miss(fenceOrGiveBack(key));
			}
			this.claims.prolong(key.stored(), ELSEWHERE);
		}
		catch (StoreException ex) {
			this.loading.failures().leaseFailed(ex);
		}
		countIfStale(read);
		return read;
	}

	private Fence fenceOrGiveBack(CacheKey key) {
		try {
			return this.reader.fence();
		}
		catch (StoreException ex) {
			this.turns.giveBack(key.stored());
			throw ex;
		}
	}

	/**
	 * As {@link #orMiss}, without waiting.
	 */
	CompletableFuture<Lookup> orMissAsync(CacheKey key, Lookup read) {
		if (!isDue(read) || !this.claims.claim(key.stored(), LoadLeases.LIFE)) {
			countIfStale(read);
			return CompletableFuture.completedFuture(read);
		}
		return this.turns.leaseAsync(key.stored()).thenCompose((mine) -> {
			if (mine) {
				return this.reader.fenceAsync().whenComplete((fence, failure) -> {
					if (failure != null) {
						this.turns.giveBack(key.stored());
					}
				}).thenApply(Lookup::miss);
			}
			this.claims.prolong(key.stored(), ELSEWHERE);
			countIfStale(read);
			return CompletableFuture.completedFuture(read);
		}).exceptionally((failure) -> {
			this.loading.failures().leaseFailed(failure);
			countIfStale(read);
			return read;
		});
	}

	/**
	 * What was loaded after a miss has been put: let others know that nobody refreshes
	 * the entry any more.
	 */
	void afterPut(String key) {
		if (this.claims.giveUp(key)) {
			this.statistics.refresh();
			this.turns.giveBack(key);
		}
	}

}
