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

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.NearStatistics;
import io.psqache.test.Concurrently;
import io.psqache.NearState;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.TypedCache;
import io.psqache.internal.transaction.Transactions;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances on one database that keep copies: what one changes is gone in the other,
 * whatever happens to the channel between them.
 */
class NearCoherenceIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	private TestCaches one;

	@SuppressWarnings("NullAway.Init")
	private TestCaches other;

	@BeforeEach
	void start() {
		TestCaches.migrate(this.database);
		this.one = TestCaches.near(this.database);
		this.other = TestCaches.near(this.database);
		this.one.awaitListening();
		this.other.awaitListening();
	}

	@AfterEach
	void stop() {
		this.one.close();
		this.other.close();
		this.database.close();
	}

	@Test
	void secondReadIsAnsweredWithoutTheDatabase() {
		keepCopies("old");
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			assertThat(this.one.cache("books").get("key", String.class)).isEqualTo("old");
			assertThat(this.one.cache("books").get("key", () -> "loaded")).isEqualTo("old");
			assertThat(typed(this.one).get("key")).as("another view decodes for itself").isEmpty();
		}
		finally {
			assertThat(near(this.one).hits()).isGreaterThanOrEqualTo(2);
		}
	}

	@ParameterizedTest
	@MethodSource("changes")
	void copiesGoWhateverChangesTheEntry(String name, Consumer<NearCoherenceIntegrationTests> change) {
		keepCopies("old");
		change.accept(this);
		assertThat(read(this.one)).as("where it was changed").isNotEqualTo("old");
		Concurrently.awaitThat(() -> !"old".equals(read(this.other)));
	}

	/**
	 * Meanwhile a transaction whose snapshot is older than the row of the cache does not
	 * find the row.
	 */
	@Test
	void copiesGoWithATransactionDuringWhichTheRowOfTheCacheIsNotFound() throws Exception {
		try (HikariDataSource application = TestCaches.pool(this.database.url(), this.database);
				TestCaches changing = TestCaches.behindRelay(this.database, Duration.ofSeconds(5),
						(settings) -> settings.withNear(settings.near().withEnabled(true)),
						Transactions.atomic(application))) {
			changing.awaitListening();
			CountDownLatch snapshot = new CountDownLatch(1);
			CountDownLatch go = new CountDownLatch(1);
			TransactionTemplate template = new TransactionTemplate(new JdbcTransactionManager(application));
			TransactionTemplate repeatable = new TransactionTemplate(new JdbcTransactionManager(application));
			repeatable.setIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ);
			CompletableFuture<?> reading = CompletableFuture
				.runAsync(() -> repeatable.executeWithoutResult((status) -> {
					JdbcClient.create(application).sql("select count(*) from psqache.cache").query(Long.class).single();
					snapshot.countDown();
					awaitUninterruptibly(go);
					changing.cache("books").get("absent");
				}));
			snapshot.await();
			keepCopies("old");
			changing.cache("books").get("key");
			CompletableFuture<?> evicting;
			try (Connection lock = this.database.connect(); Statement statement = lock.createStatement()) {
				lock.setAutoCommit(false);
				statement.execute("select from psqache.cache_entry for update");
				evicting = CompletableFuture
					.runAsync(() -> template.executeWithoutResult((status) -> changing.cache("books").evict("key")));
				Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
				go.countDown();
				reading.handle((done, failure) -> true).get(20, TimeUnit.SECONDS);
				lock.rollback();
			}
			assertThat(evicting).succeedsWithin(20, TimeUnit.SECONDS);
			Concurrently.awaitThat(() -> read(this.other) == null);
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Stream<Object[]> changes() {
		return Stream.of(change("put", (test) -> test.one.cache("books").put("key", "new")),
				change("evict", (test) -> test.one.cache("books").evict("key")),
				change("evictIfPresent", (test) -> test.one.cache("books").evictIfPresent("key")),
				change("clear", (test) -> test.one.cache("books").clear()),
				change("invalidate", (test) -> test.one.cache("books").invalidate()),
				change("resetCaches", (test) -> test.one.manager().resetCaches()),
				change("dropCache", (test) -> test.one.manager().dropCache("books")),
				change("set", (test) -> typed(test.one).set("key", "new")),
				change("setAsync", (test) -> join(typed(test.one).setAsync("key", "new"))),
				change("delete", (test) -> typed(test.one).delete("key")),
				change("deleteAsync", (test) -> join(typed(test.one).deleteAsync("key"))),
				change("setAll", (test) -> typed(test.one).setAll(Map.of("key", "new"))),
				change("setAllAsync", (test) -> join(typed(test.one).setAllAsync(Map.of("key", "new")))),
				change("deleteAll", (test) -> typed(test.one).deleteAll(List.of("key"))),
				change("clearAsync", (test) -> join(typed(test.one).clearAsync())),
				change("put that cannot be stored", (test) -> test.one.cache("books").put("key", new Object())));
	}

	private static Object[] change(String name, Consumer<NearCoherenceIntegrationTests> change) {
		return new Object[] { name, change };
	}

	@Test
	void sqlFunctionsDropCopiesWhenTheirTransactionCommits() {
		keepCopies("old");
		assertThat(this.database.query("select psqache.evict('test', 'books', 'unknown', to_jsonb('key'::text)::text)"))
			.isEqualTo("1");
		for (TestCaches caches : List.of(this.one, this.other)) {
			Concurrently.awaitThat(() -> read(caches) == null);
		}
		keepCopies("again");
		assertThat(this.database.query("select psqache.clear('test', 'books')")).isEqualTo("t");
		for (TestCaches caches : List.of(this.one, this.other)) {
			Concurrently.awaitThat(() -> read(caches) == null);
		}
		assertThat(this.database.query("select psqache.evict('test', 'no such', 'key')")).isEqualTo("0");
		assertThat(this.database.query("select psqache.clear('test', 'no such')")).isEqualTo("f");
	}

	@Test
	void sqlFunctionFindsLongKeysAndManyAtOnce() {
		String key = "k".repeat(1_500);
		this.one.cache("books").put(key, "old");
		assertThat(this.one.cache("books").get(key, String.class)).isEqualTo("old");
		assertThat(this.database.query("select psqache.evict('test', 'books', variadic array(select i::text "
				+ "from generate_series(1, 1000) as i) || to_jsonb(repeat('k', 1500))::text)"))
			.isEqualTo("1");
		Concurrently.awaitThat(() -> this.one.cache("books").get(key) == null);
	}

	@Test
	void instanceWithoutNearCacheTellsWhatItChanges() {
		try (TestCaches plain = TestCaches.on(this.database, (defaults) -> defaults)) {
			keepCopies("old");
			plain.cache("books").put("key", "new");
			Concurrently.awaitThat(() -> "new".equals(read(this.one)));
		}
	}

	@Test
	void instanceThatUsedTheCacheBeforeLearnsThatCopiesAreKept() {
		try (TestCaches plain = TestCaches.on(this.database, (defaults) -> defaults)) {
			plain.cache("films").put("key", "old");
			Concurrently.awaitThat(() -> { // not before everyone must know
				this.one.cache("films").get("key");
				return this.one.cache("films").get("key") != null && copies(this.one, "films").hits() > 0;
			});
			plain.cache("films").put("key", "new");
			Concurrently.awaitThat(() -> "new".equals(this.one.cache("films").get("key", String.class)));
		}
	}

	/**
	 * The value has been read, and an invalidation arrives before it is kept.
	 */
	@Test
	void valueThatWasReadBeforeAnInvalidationArrivedIsNotKept() throws Exception {
		PostgresCache cache = this.one.cache("gates");
		cache.put("key", new Gate("old"));
		ExecutorService executor = Executors.newSingleThreadExecutor();
		CountDownLatch passing = new CountDownLatch(1);
		CountDownLatch open = new CountDownLatch(1);
		Gate.hook = () -> {
			Gate.hook = null;
			passing.countDown();
			await(open);
		};
		Future<?> read = executor.submit(() -> cache.get("key"));
		await(passing);
		long received = this.one.manager().getStatus().invalidationsReceived();
		this.other.cache("gates").put("key", new Gate("new"));
		Concurrently.awaitThat(() -> this.one.manager().getStatus().invalidationsReceived() > received);
		open.countDown();
		read.get(30, TimeUnit.SECONDS);
		executor.shutdown();
		assertThat(cache.get("key", Gate.class)).isEqualTo(new Gate("new"));
	}

	@Test
	void callerWhoChangesWhatHeGotChangesNoCopy() {
		PostgresCache cache = this.one.cache("lists");
		cache.put("key", new ArrayList<>(List.of("a")));
		for (int i = 0; i < 3; i++) {
			Collection<?> found = Objects.requireNonNull(cache.get("key", ArrayList.class));
			assertThat(found).hasSize(1);
			found.clear();
		}
		assertThat(copies(this.one, "lists").hits()).isPositive();
	}

	@Test
	void cachedNullIsKept() {
		PostgresCache cache = this.one.cache("nulls");
		cache.put("key", null);
		assertThat(cache.get("key")).isNotNull();
		assertThat(cache.get("key")).isNotNull();
		assertThat(cache.get("absent")).isNull();
		assertThat(cache.get("absent")).isNull();
		assertThat(copies(this.one, "nulls").hits()).isEqualTo(1);
	}

	@Test
	void bulkReadAsksOnlyForWhatItHasNoCopyOf() {
		TypedCache<String, String> cache = typed(this.one);
		cache.setAll(Map.of("a", "1", "b", "2"));
		assertThat(cache.get("a")).contains("1");
		assertThat(cache.getAll(List.of("a", "b", "c"))).containsOnly(Map.entry("a", "1"), Map.entry("b", "2"));
		assertThat(near(this.one).hits()).isEqualTo(1);
		assertThat(cache.getAll(List.of("a", "b"))).hasSize(2);
		assertThat(near(this.one).hits()).isEqualTo(3);
	}

	@Test
	void brokenChannelIsBypassedAtOnceAndComesBackEmpty() {
		keepCopies("old");
		long bypasses = near(this.one).bypasses();
		this.database.execute("select pg_terminate_backend(pid) from pg_stat_activity "
				+ "where datname = current_database() and query like 'listen%'");
		Concurrently.awaitThat(() -> status(this.one) == NearState.Status.BYPASSED
				|| near(this.one).bypasses() > bypasses || misses(this.one) > 0);
		// no message tells of it
		this.database.execute("update psqache.cache_entry set value = '\"changed\"'");
		this.one.awaitListening();
		Concurrently.awaitThat(() -> "changed".equals(read(this.one)) && "changed".equals(read(this.other)));
	}

	private long misses(TestCaches caches) {
		return near(caches).misses();
	}

	@Test
	void peerThatVanishesWithoutAWordIsNoticed() {
		try (TestCaches distant = TestCaches.nearBehindRelay(this.database, Duration.ofMillis(300))) {
			distant.awaitListening();
			this.one.cache("books").put("key", "old");
			Concurrently.awaitThat(() -> "old".equals(read(distant)));
			this.database.relay().stall();
			long stalledAt = System.nanoTime();
			this.one.cache("books").put("key", "new");
			Concurrently.awaitThat(() -> status(distant) == NearState.Status.BYPASSED);
			// The time is the subject: the limit is 2 s, and the rest is for a busy
			// machine.
			assertThat(Duration.ofNanos(System.nanoTime() - stalledAt)).isLessThan(Liveness.LIMIT.plusSeconds(5));
			assertThat(read(distant)).as("a miss, since PostgreSQL cannot be reached").isNull();
			this.database.relay().restore();
			distant.awaitListening();
			Concurrently.awaitThat(() -> "new".equals(read(distant)));
		}
	}

	@Test
	void listenerThatHearsNothingLeavesTheNearCacheOffAndSaysWhy() {
		try (TestDatabase elsewhere = TestDatabase.create();
				TestCaches deaf = TestCaches.nearListeningAt(elsewhere.url(), this.database)) {
			deaf.cache("books").put("key", "old");
			Concurrently.awaitThat(() -> {
				NearState state = deaf.manager().getStatus().near();
				return state.status() == NearState.Status.BYPASSED
						&& String.valueOf(state.reason()).contains("pooler in transaction mode");
			});
			this.one.cache("books").put("key", "new");
			assertThat(read(deaf)).isEqualTo("new");
			assertThat(near(deaf).hits()).isZero();
		}
	}

	/**
	 * So that no peer drops copies because it receives nothing more.
	 */
	@Test
	void instanceThatGoesSaysSoAfterAllElse() throws Exception {
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			statement.execute("listen psqache");
			TestCaches third = TestCaches.near(this.database);
			third.awaitListening();
			third.cache("books").put("key", "last");
			third.close();
			List<String> heard = new ArrayList<>();
			Concurrently.awaitThat(() -> {
				for (PGNotification message : connection.unwrap(PGConnection.class).getNotifications(100)) {
					heard.add(message.getParameter());
				}
				return heard.stream().anyMatch((message) -> message.endsWith(" gone"));
			});
			String gone = heard.stream().filter((message) -> message.endsWith(" gone")).findFirst().orElseThrow();
			String sender = gone.split(" ", -1)[1];
			List<String> own = heard.stream().filter((message) -> message.contains(sender)).toList();
			assertThat(own).anyMatch((message) -> message.contains(" changed ")).endsWith(gone);
		}
	}

	@Test
	void manyChangesShareFewMessages() {
		for (int i = 0; i < 200; i++) {
			this.one.cache("books").put(i, "value");
		}
		Map<Integer, String> many = new HashMap<>();
		for (int i = 0; i < 5_000; i++) {
			many.put(i, "value");
		}
		long before = this.one.manager().getStatus().invalidationsSent();
		this.one.manager().typedCache("numbers", Integer.class, String.class).setAll(many);
		keepCopies("last");
		Concurrently.awaitThat(() -> this.other.manager().getStatus().invalidationsReceived() > 0);
		assertThat(this.one.manager().getStatus().invalidationsSent() - before).isLessThan(500);
	}

	private void keepCopies(String value) {
		this.one.cache("books").put("key", value);
		for (TestCaches caches : List.of(this.one, this.other)) {
			Concurrently.awaitThat(() -> {
				long hits = near(caches).hits();
				return value.equals(read(caches)) && near(caches).hits() > hits;
			});
		}
	}

	private static @Nullable String read(TestCaches caches) {
		return caches.cache("books").get("key", String.class);
	}

	private static TypedCache<String, String> typed(TestCaches caches) {
		return caches.manager().typedCache("books", new ParameterizedTypeReference<String>() {
		}, String.class);
	}

	private static NearStatistics near(TestCaches caches) {
		return copies(caches, "books");
	}

	private static NearStatistics copies(TestCaches caches, String name) {
		NearStatistics near = caches.cache(name).getStatistics().near();
		if (near == null) {
			throw new AssertionError("No near cache");
		}
		return near;
	}

	private static NearState.Status status(TestCaches caches) {
		return caches.manager().getStatus().near().status();
	}

	private static void join(CompletableFuture<?> future) {
		future.orTimeout(30, TimeUnit.SECONDS).join();
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * A value that can be held up while it is decoded.
	 */
	public record Gate(String value) {

		private static volatile @Nullable Runnable hook;

		public Gate {
			Runnable present = hook;
			if (present != null) {
				present.run();
			}
		}

	}

}
