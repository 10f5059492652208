package io.psqache;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.psqache.store.FailureCause;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache.ValueWrapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Puts that nobody waits for. Where it matters that they are pending, a lock lets nobody
 * write, and a put of each lane waits for it.
 */
@ExtendWith(OutputCaptureExtension.class)
class WriteBehindIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final TestCaches caches = TestCaches.on(this.database, WriteBehindIntegrationTests::behind);

	private final PostgresCache cache = this.caches.cache("books");

	private final PostgresCache others = this.caches.cache("others");

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.caches.close();
		this.database.close();
	}

	@Test
	void putReturnsBeforeItIsStoredAndIsCountedThen() {
		try (TestDatabase.Lock held = hold(this.others)) {
			this.cache.put("key", "value");
			assertThat(stored("books", "key")).isFalse();
			assertThat(this.cache.getStatistics().puts()).isZero();
		}
		Concurrently.awaitThat(() -> this.cache.getStatistics().puts() == 1);
		assertThat(stored("books", "key")).isTrue();
		assertThat(this.cache.getStatistics().failures(CacheOperation.PUT)).isZero();
	}

	@Test
	void pendingPutIsReadWithoutTheDatabase() throws Exception {
		try (TestDatabase.Lock held = this.database.lock("psqache.entry")) {
			send(this.cache);
			this.cache.put("key", "queued");
			this.cache.put("null", null);
			assertThat(this.cache.get(1, String.class)).isEqualTo("sent");
			assertThat(this.cache.get("key", String.class)).isEqualTo("queued");
			assertThat(this.cache.get("key", () -> "loaded")).isEqualTo("queued");
			assertThat(valueOf((ValueWrapper) this.cache.retrieve("key").get(30, TimeUnit.SECONDS)))
				.isEqualTo("queued");
			assertThat(valueOf(this.cache.putIfAbsent("key", "another"))).isEqualTo("queued");
			assertThat(valueOf(this.cache.putIfAbsent("null", "another"))).isNull();
			assertThat(this.cache.getStatistics().failures(CacheOperation.GET)).isZero();
		}
	}

	@Test
	void laterPutTakesThePlaceOfAPendingOne() {
		try (TestDatabase.Lock held = hold(this.others)) {
			for (int i = 1; i <= 100; i++) {
				this.cache.put("key", i);
			}
			assertThat(this.cache.get("key", Integer.class)).isEqualTo(100);
		}
		awaitWrites();
		assertThat(this.cache.get("key", Integer.class)).isEqualTo(100);
		assertThat(this.cache.getStatistics().puts()).isEqualTo(1);
	}

	@Test
	void laterPutFollowsTheOneThatWasSent() {
		try (TestDatabase.Lock held = hold(this.cache)) {
			this.cache.put(1, "later");
			assertThat(this.cache.get(1, String.class)).isEqualTo("later");
		}
		awaitWrites();
		assertThat(this.cache.get(1, String.class)).isEqualTo("later");
		assertThat(this.cache.getStatistics().puts()).isEqualTo(3);
	}

	@Test
	void evictionWithdrawsWhatWasNotSent() throws Exception {
		FutureTask<Boolean> evicted;
		try (TestDatabase.Lock held = hold(this.others)) {
			this.cache.put("key", "value");
			evicted = blocked(() -> this.cache.evictIfPresent("key"));
			assertThat(this.cache.get("key")).isNull();
		}
		assertThat(evicted.get(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.cache.evictIfPresent("key")).isFalse();
		awaitWrites();
		assertThat(this.cache.getStatistics().puts()).isZero();
		assertThat(stored("books", "key")).isFalse();
	}

	@Test
	void evictionFollowsWhatWasSent() throws Exception {
		FutureTask<Boolean> evicted;
		try (TestDatabase.Lock held = hold(this.cache)) {
			evicted = blocked(() -> this.cache.evictIfPresent(1));
			assertThat(this.cache.get(1)).isNull();
		}
		assertThat(evicted.get(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.cache.get(1)).isNull();
		assertThat(stored("books", 1)).isFalse();
	}

	@Test
	void putAfterAnEvictionIsStored() throws Exception {
		FutureTask<Boolean> evicted;
		try (TestDatabase.Lock held = hold(this.others)) {
			this.cache.put("key", "before");
			evicted = blocked(() -> this.cache.evictIfPresent("key"));
			this.cache.put("key", "after");
			assertThat(this.cache.get("key", String.class)).isEqualTo("after");
		}
		evicted.get(30, TimeUnit.SECONDS);
		awaitWrites();
		assertThat(this.cache.get("key", String.class)).isEqualTo("after");
	}

	@Test
	void nullThatIsNotCachedRemovesAPendingPut() throws Exception {
		try (TestCaches noNulls = TestCaches.on(this.database,
				(settings) -> behind(settings).withCacheNullValues(false))) {
			PostgresCache books = noNulls.cache("books");
			books.put("key", "value");
			books.put("key", null);
			assertThat(books.get("key")).isNull();
		}
		assertThat(stored("books", "key")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void nothingThatWasPutBeforeSurvivesAClear(boolean invalidate) throws Exception {
		FutureTask<Boolean> cleared;
		try (TestDatabase.Lock held = hold(this.cache)) {
			this.cache.put("key", "value");
			this.cache.put(1, "later");
			cleared = blocked(() -> {
				if (invalidate) {
					return this.cache.invalidate();
				}
				this.cache.clear();
				return true;
			});
			assertThat(this.cache.get("key")).isNull();
		}
		assertThat(cleared.get(30, TimeUnit.SECONDS)).isTrue();
		awaitWrites();
		assertThat(this.cache.get("key")).isNull();
		assertThat(this.cache.get(1)).isNull();
		assertThat(this.cache.get(2)).isNull();
		assertThat(this.cache.getStatistics().puts()).isEqualTo(2);
	}

	@Test
	void invalidateTellsOfPutsThatWereOnlyPending() throws Exception {
		FutureTask<Boolean> invalidated;
		try (TestDatabase.Lock held = hold(this.others)) {
			this.cache.put("key", "value");
			invalidated = blocked(this.cache::invalidate);
		}
		assertThat(invalidated.get(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.cache.invalidate()).isFalse();
		assertThat(this.cache.getStatistics().puts()).isZero();
	}

	@Test
	void whatPostgresRefusesFailsAloneAndIsForgotten() {
		this.database.execute("alter table psqache.entry add check (value is distinct from '\"refused\"'::jsonb)");
		try (TestDatabase.Lock held = hold(this.others)) {
			this.cache.put("good", "value");
			this.cache.put("bad", "refused");
			this.cache.put("better", "value");
			assertThat(this.cache.get("bad", String.class)).isEqualTo("refused");
		}
		Concurrently.awaitThat(() -> this.cache.getStatistics().failures(CacheOperation.PUT, FailureCause.OTHER) == 1);
		awaitWrites();
		assertThat(this.cache.get("bad")).isNull();
		assertThat(stored("books", "good")).isTrue();
		assertThat(stored("books", "better")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void putsDuringAnOutageAreCountedAndForgotten(boolean hangs) {
		try (TestCaches relayed = TestCaches.behindRelay(this.database, Duration.ofMillis(300),
				WriteBehindIntegrationTests::behind)) {
			PostgresCache books = relayed.cache("books");
			books.get("key");
			if (hangs) {
				this.database.relay().stall();
			}
			else {
				this.database.relay().cut();
			}
			for (int i = 0; i < 300; i++) {
				books.put(i, i);
			}
			Concurrently.awaitThat(() -> books.getStatistics().failures(CacheOperation.PUT) == 300);
			long reads = books.getStatistics().failures(CacheOperation.GET);
			assertThat(books.get("unknown")).isNull();
			assertThat(books.getStatistics().failures(CacheOperation.GET)).isEqualTo(reads + 1);
			this.database.relay().restore();
			Concurrently.awaitThat(() -> {
				books.put("key", "resumed");
				return "resumed".equals(books.get("key", String.class)) && books.getStatistics().puts() > 0;
			});
		}
	}

	@Test
	void valueLoadedAfterAMissIsNotWaitedFor() throws Exception {
		try (TestDatabase.Lock held = hold(this.others)) {
			assertThat(this.cache.get("key", () -> "loaded")).isEqualTo("loaded");
			assertThat(this.cache.retrieve("later", () -> CompletableFuture.completedFuture("loaded"))
				.get(30, TimeUnit.SECONDS)).isEqualTo("loaded");
			assertThat(this.cache.get("key", String.class)).isEqualTo("loaded");
			assertThat(this.cache.get("later", String.class)).isEqualTo("loaded");
			assertThat(this.cache.getStatistics().failures(CacheOperation.PUT)).isZero();
		}
	}

	@Test
	void whoMustNotWaitIsTurnedAwayWhenItIsFullAndOthersWait() throws Exception {
		FutureTask<Boolean> patient;
		try (TestDatabase.Lock held = hold(this.others)) {
			for (int i = 0; i < 10_000 - 2; i++) {
				this.cache.put(i, i);
			}
			Mono.fromRunnable(() -> this.cache.put("impatient", 1)).subscribeOn(Schedulers.parallel()).block();
			assertThat(this.cache.getStatistics().failures(CacheOperation.PUT, FailureCause.OVERLOADED)).isEqualTo(1);
			assertThat(this.cache.get("impatient")).isNull();
			patient = blocked(() -> {
				this.cache.put("patient", 1);
				return true;
			});
		}
		patient.get(30, TimeUnit.SECONDS);
		assertThat(this.cache.get("patient", Integer.class)).isEqualTo(1);
		Concurrently.awaitThat(() -> this.cache.getStatistics().puts() == 10_000 - 2 + 1);
	}

	@Test
	void closeWritesWhatIsPendingHoweverManyTimeLimitsThatTakes() {
		this.database.execute("""
				create function delay() returns trigger language plpgsql as
				$$ begin perform pg_sleep(0.2); return null; end $$;
				create trigger delay before insert on psqache.entry execute function delay();
				""");
		PostgresCache books;
		try (TestCaches brief = TestCaches.behindRelay(this.database, Duration.ofSeconds(1),
				WriteBehindIntegrationTests::behind)) {
			books = brief.cache("books");
			for (int i = 0; i < 4_000; i++) {
				books.put(i, i);
			}
		}
		assertThat(books.getStatistics().puts()).isEqualTo(4_000);
		assertThat(this.database.query("select count(*) from psqache.entry")).isEqualTo("4000");
		books.put("late", 1);
		assertThat(books.getStatistics().failures(CacheOperation.PUT, FailureCause.CLOSED)).isEqualTo(1);
	}

	@Test
	void closeDoesNotWaitForADatabaseThatIsAwayButSaysWhatIsLost(CapturedOutput output) {
		PostgresCache books;
		try (TestCaches brief = TestCaches.behindRelay(this.database, Duration.ofMillis(300),
				WriteBehindIntegrationTests::behind)) {
			books = brief.cache("books");
			books.get("key");
			this.database.relay().stall();
			for (int i = 0; i < 5_000; i++) {
				books.put(i, i);
			}
		}
		Concurrently.awaitThat(() -> books.getStatistics().failures(CacheOperation.PUT) == 5_000);
		assertThat(books.getStatistics().puts()).isZero();
		assertThat(output.getAll().lines().filter((line) -> line.contains("values that were put behind")))
			.singleElement()
			.asString()
			.containsPattern("\\b[45]\\d{3} values");
	}

	/**
	 * Each thread has keys of its own in a cache that all share, and a cache of its own,
	 * and knows what is in both.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 20_261_122, 42 })
	void whoOwnsAKeyReadsWhatItWroteLastAndSoDoesWhoComesAfterwards(long seed) throws Exception {
		int threads = 6;
		Map<Integer, Map<Integer, Integer>> shared = new ConcurrentHashMap<>();
		Map<Integer, Map<Integer, Integer>> owned = new ConcurrentHashMap<>();
		try (TestCaches stressed = TestCaches.on(this.database, WriteBehindIntegrationTests::behind)) {
			Concurrently.run(threads, (thread) -> {
				Random random = new Random(seed + thread);
				Map<Integer, Integer> inShared = new HashMap<>();
				Map<Integer, Integer> inOwned = new HashMap<>();
				for (int i = 0; i < 400; i++) {
					step(random, stressed.cache("shared"), 10 * thread + random.nextInt(3), i, inShared, false);
					step(random, stressed.cache("owned" + thread), random.nextInt(3), i, inOwned, true);
				}
				shared.put(thread, inShared);
				owned.put(thread, inOwned);
				return null;
			});
		}
		for (int thread = 0; thread < threads; thread++) {
			for (int key = 0; key < 3; key++) {
				assertThat(this.caches.cache("shared").get(10 * thread + key, Integer.class))
					.isEqualTo(shared.getOrDefault(thread, Map.of()).get(10 * thread + key));
				assertThat(this.caches.cache("owned" + thread).get(key, Integer.class))
					.isEqualTo(owned.getOrDefault(thread, Map.of()).get(key));
			}
		}
	}

	private static void step(Random random, PostgresCache cache, int key, int value, Map<Integer, Integer> known,
			boolean mayClear) {
		switch (random.nextInt(mayClear ? 12 : 11)) {
			case 0, 1, 2, 3 -> {
				cache.put(key, value);
				known.put(key, value);
			}
			case 4 -> {
				assertThat(cache.evictIfPresent(key)).isEqualTo(known.remove(key) != null);
			}
			case 5 -> {
				assertThat(valueOf(cache.putIfAbsent(key, value))).isEqualTo(known.putIfAbsent(key, value));
			}
			case 11 -> {
				assertThat(cache.invalidate()).isEqualTo(!known.isEmpty());
				known.clear();
			}
			default -> assertThat(cache.get(key, Integer.class)).isEqualTo(known.get(key));
		}
	}

	private static CacheSettings behind(CacheSettings settings) {
		return settings.withWrites(Writes.BEHIND);
	}

	/**
	 * Let nobody write, and have a put of each of the two lanes for writes wait for that.
	 */
	private TestDatabase.Lock hold(PostgresCache blocked) {
		TestDatabase.Lock lock = this.database.lockWrites("psqache.entry");
		send(blocked);
		return lock;
	}

	private void send(PostgresCache blocked) {
		blocked.put(1, "sent");
		blocked.put(2, "sent");
		Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2);
	}

	/**
	 * Begin something and wait until it waits.
	 */
	private static FutureTask<Boolean> blocked(Callable<Boolean> call) {
		FutureTask<Boolean> task = new FutureTask<>(call);
		Thread thread = new Thread(task);
		thread.start();
		Concurrently.awaitThat(() -> thread.getState() == Thread.State.TIMED_WAITING);
		return task;
	}

	private void awaitWrites() {
		Concurrently.awaitThat(() -> this.cache.getNativeCache().queuedWrites() == 0);
	}

	private boolean stored(String cacheName, Object key) {
		String storedKey = (key instanceof String) ? "\"" + key + "\"" : key.toString();
		return !"0".equals(this.database.query("select count(*) from psqache.entry e join psqache.cache c "
				+ "on c.id = e.cache_id where e.type <> 'evicted' and c.name = '" + cacheName + "' and e.key = '"
				+ storedKey + "'"));
	}

	private static @Nullable Object valueOf(@Nullable ValueWrapper wrapper) {
		return (wrapper != null) ? wrapper.get() : null;
	}

}
