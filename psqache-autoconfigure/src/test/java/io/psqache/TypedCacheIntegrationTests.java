package io.psqache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.psqache.codec.Storage;
import io.psqache.store.BreakerState;
import io.psqache.store.EntryStore;
import io.psqache.store.FailureCause;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract for each variant, and what is special about each.
 */
class TypedCacheIntegrationTests {

	@Nested
	class WithJsonb extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withJitter(0.5);
		}

		@Test
		void entryThatNeverExpiresHasNoTimeLeftToTell() {
			TypedCache<String, Book> cache = newCache().typed();
			cache.set("key", new Book("Emma"), Duration.ZERO);
			assertThat(cache.timeToLive("key")).contains(Duration.ZERO);
		}

		@Test
		void timeThatTheWriterGivesIsNotShortenedAtRandom() {
			PostgresCacheManager manager = this.caches.manager();
			TypedCache<String, Book> cache = manager.typedCache("jittery", String.class, Book.class);
			for (int i = 0; i < 20; i++) {
				cache.set("key", new Book("Emma"), Duration.ofHours(1));
				assertThat(cache.timeToLive("key"))
					.hasValueSatisfying((left) -> assertThat(left).isGreaterThan(Duration.ofMinutes(59)));
			}
		}

		@Test
		void setIfAbsentIntoACacheThatWasDroppedWrites() {
			TypedCache<String, Book> cache = newCache().typed();
			cache.set("key", new Book("Emma"));
			this.database.execute("delete from psqache.cache");
			assertThat(cache.setIfAbsent("key", new Book("Persuasion"))).isTrue();
			assertThat(cache.get("key")).contains(new Book("Persuasion"));
		}

	}

	@Nested
	class WithBinary extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withStorage(Storage.BINARY);
		}

	}

	@Nested
	class WithNearCache extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withNear(defaults.near().withEnabled(true));
		}

		@BeforeEach
		void awaitChannel() {
			this.caches.awaitListening();
		}

	}

	@Nested
	class WithTimeToIdle extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withTimeToIdle(Duration.ofHours(6));
		}

		@Test
		void bulkReadProlongsWhatIsDue() {
			TypedCache<String, Book> cache = newCache().typed();
			cache.setAll(Map.of("a", new Book("Emma"), "b", new Book("Persuasion")));
			this.database.execute("update psqache.entry set expires_at = now() + interval '1 hour'");
			assertThat(cache.has("a")).isTrue();
			assertThat(cache.getAll(List.of("a", "b"))).hasSize(2);
			for (String key : List.of("a", "b")) {
				Concurrently.awaitThat(() -> cache.timeToLive(key).orElseThrow().toMinutes() > 350);
			}
		}

		@Test
		void hasProlongsNothing() {
			TypedCache<String, Book> cache = newCache().typed();
			cache.set("key", new Book("Emma"));
			this.database.execute("update psqache.entry set expires_at = now() + interval '1 hour'");
			assertThat(cache.has("key")).isTrue();
			cache.setAll(Map.of("after", new Book("Emma"), "it", new Book("Emma"))); // on
																						// each
																						// lane
			assertThat(cache.timeToLive("key"))
				.hasValueSatisfying((left) -> assertThat(left).isLessThanOrEqualTo(Duration.ofHours(1)));
		}

	}

	@Nested
	class WithWritesBehind extends AbstractTypedCacheContract {

		@Override
		protected CacheSettings settings(CacheSettings defaults) {
			return defaults.withWrites(Writes.BEHIND);
		}

		@Test
		void whatIsPendingIsSeenByEveryRead() {
			TypedCache<String, Book> cache = newCache().typed();
			try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
				cache.set("key", new Book("Emma"), Duration.ofHours(1));
				assertThat(cache.get("key")).contains(new Book("Emma"));
				assertThat(cache.getAll(List.of("key"))).containsEntry("key", new Book("Emma"));
				assertThat(cache.has("key")).isTrue();
				assertThat(cache.timeToLive("key")).contains(Duration.ofHours(1));
				assertThat(cache.setIfAbsent("key", new Book("Persuasion"))).isFalse();
			}
		}

		@Test
		void bulkRemovalReachesWhatIsPending() throws Exception {
			TypedCache<String, Book> cache = newCache().typed();
			CompletableFuture<Long> deleted;
			try (TestDatabase.Lock lock = hold()) {
				for (int i = 0; i < 10; i++) {
					cache.set("key" + i, new Book("Emma"));
				}
				deleted = cache.deleteAllAsync(keys(10));
				cache.set("key3", new Book("after"));
			}
			assertThat(AbstractTypedCacheContract.get(deleted)).isEqualTo(10);
			awaitNothingPending();
			assertThat(cache.getAll(keys(10))).containsExactly(Map.entry("key3", new Book("after")));
		}

		@Test
		void bulkWriteComesAfterWhatIsPendingAndBeforeWhatFollows() throws Exception {
			TypedCache<String, Book> cache = newCache().typed();
			CompletableFuture<?> set;
			try (TestDatabase.Lock lock = hold()) {
				Map<String, Book> bulk = new HashMap<>();
				for (String key : keys(10)) {
					cache.set(key, new Book("before"));
					bulk.put(key, new Book("bulk"));
				}
				set = cache.setAllAsync(bulk);
				cache.set("key3", new Book("after"));
			}
			AbstractTypedCacheContract.get(set);
			awaitNothingPending();
			Map<String, Book> found = cache.getAll(keys(10));
			assertThat(found.remove("key3")).isEqualTo(new Book("after"));
			assertThat(found.values()).hasSize(9).containsOnly(new Book("bulk"));
		}

		@Test
		void asynchronousSetDoesNotWaitForAPlace() {
			Opened opened = newCache();
			awaitNothingPending();
			try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
				for (int i = 0; i < 10_000; i++) {
					opened.typed().set("key" + i, new Book("Emma"));
				}
				long start = System.nanoTime();
				assertThat(opened.typed().setAsync("one more", new Book("Emma"))).isDone();
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
				assertThat(opened.spring().getStatistics().failures(CacheOperation.PUT, FailureCause.OVERLOADED))
					.isEqualTo(1);
			}
			awaitNothingPending();
		}

		/**
		 * Let nobody write, and have a put of each of the two lanes for writes wait for
		 * that, so that what follows is pending.
		 */
		private TestDatabase.Lock hold() {
			PostgresCache other = newCache().spring();
			awaitNothingPending();
			TestDatabase.Lock lock = this.database.lockWrites("psqache.entry");
			other.put(1, "sent");
			other.put(2, "sent");
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2);
			return lock;
		}

		private void awaitNothingPending() {
			EntryStore store = this.caches.manager().getStore();
			Concurrently.awaitThat(() -> store.queuedWrites() == 0 && store.status().breaker() == BreakerState.CLOSED);
		}

		private static List<String> keys(int count) {
			List<String> keys = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				keys.add("key" + i);
			}
			return keys;
		}

	}

}
