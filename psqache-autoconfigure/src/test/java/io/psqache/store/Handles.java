package io.psqache.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.psqache.TestCaches;

/**
 * Handles of caches for tests of what stands below the {@link EntryStore}: no bounds, no
 * figures, and touches go nowhere.
 */
final class Handles {

	private Handles() {
	}

	static CacheHandle of(EntrySql sql, String name) {
		return new CacheHandle(sql, "test", name, Bounds.NONE, Duration.ofMinutes(5), Staleness.NONE, new Figures(),
				new Horizon(Duration.ofMinutes(5), Duration.ofSeconds(1)), ChangeListener.NONE,
				new Notify(TestCaches.SCHEMA),
				(cache) -> new Touches((keys, timeToIdle) -> CompletableFuture.completedFuture(true), Runnable::run));
	}

}
