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

package io.psqache.internal.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.engine.CallMode;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The store on PostgreSQL, and what it does when PostgreSQL does not answer.
 */
class EntryStoreIntegrationTests {

	private static final StoredValue VALUE = StoredValue.json("{\"a\": 1}", "io.psqache.A");

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.relayedUrl(), this.database);

	private final EntryStore store = TestStores.open(this.pool, 4, Duration.ofSeconds(1));

	private final CacheHandle cache = TestStores.cache(this.store, "test", "cache");

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
	}

	@AfterEach
	void close() {
		this.store.close();
		this.pool.close();
		this.database.close();
	}

	@Test
	void entryIsUnloggedAndItsPrimaryKeyIsItsOnlyIndex() {
		assertThat(
				this.database.query("select relpersistence from pg_class where oid = 'psqache.cache_entry'::regclass"))
			.isEqualTo("u");
		assertThat(this.database.query("select string_agg(indexname, ', ') from pg_indexes "
				+ "where schemaname = 'psqache' and tablename = 'cache_entry'"))
			.isEqualTo("cache_entry_pkey");
	}

	@Test
	void readsBackWhatItWasGiven() {
		put("json", VALUE);
		put("payload", StoredValue.payload(new byte[] { 0, -1, 1 }, "io.psqache.B"));
		put("null", StoredValue.NULL);
		StoredValue json = present("json");
		assertThat(json.payload()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\": 1}");
		assertThat(json.type()).isEqualTo("io.psqache.A");
		assertThat(present("payload").payload()).containsExactly(0, -1, 1);
		assertThat(present("null").isNull()).isTrue();
		assertThat(get("absent")).isNull();
	}

	@Test
	void readWaitsNoLongerThanItsTimeLimitForAWriteOfAnotherCaller() {
		put("key", VALUE);
		for (CallMode mode : CallMode.values()) {
			this.store.continueAfter(this.cache, "key", doneAfter(Duration.ofMillis(1_700)));
			assertUnanswered(mode);
			Concurrently.awaitThat(() -> this.cache.unfinishedWrites().before("key") == null);
		}
		assertThat(get("key")).isNotNull();
	}

	/**
	 * The read itself takes less than the time limit.
	 */
	@Test
	void readHasTheTimeThatTheWriteOfAnotherCallerHasLeft() throws Exception {
		put("key", VALUE);
		for (CallMode mode : CallMode.values()) {
			CompletableFuture<?> unlocked;
			try (Connection lock = this.database.connect(); Statement statement = lock.createStatement()) {
				lock.setAutoCommit(false);
				statement.execute("lock table psqache.cache_entry");
				this.store.continueAfter(this.cache, "key", doneAfter(Duration.ofMillis(800)));
				unlocked = doneAfter(Duration.ofMillis(1_550)).thenRun(() -> rollback(lock));
				assertUnanswered(mode);
				unlocked.join();
			}
		}
		assertThat(get("key")).isNotNull();
	}

	private void assertUnanswered(CallMode mode) {
		assertThat(this.store.getOrFence(this.cache, "key", null).in(mode)).failsWithin(20, TimeUnit.SECONDS)
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(StoreException.class)
			.satisfies((
					failure) -> assertThat(StoreException.of(Objects.requireNonNull(failure.getCause())).failureCause())
						.isEqualTo(FailureCause.TIMEOUT));
	}

	private static CompletableFuture<?> doneAfter(Duration delay) {
		return new CompletableFuture<>().completeOnTimeout(true, delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static void rollback(Connection connection) {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void namespacesKeepCachesOfOneNameApart() {
		put("key", VALUE);
		CacheHandle other = TestStores.cache(this.store, "other application", "cache");
		assertThat(this.store.get(other, "key", null).await().present()).isNull();
	}

	@Test
	void putsOfAlternatingKindsShareStatements() {
		Map<String, StoredValue> values = new LinkedHashMap<>();
		for (int i = 0; i < 2 * EntryWrites.MAX_ROWS; i++) {
			values.put("key" + i, (i % 2 == 0) ? VALUE : StoredValue.payload(new byte[] { 1 }, "io.psqache.B"));
		}
		assertThat(this.store.putAll(this.cache, values, () -> Lifetime.FOREVER).await().answers().keySet())
			.containsExactlyElementsOf(values.keySet());
		assertThat(this.database.query("select count(distinct xid) || ' of ' || count(*) from psqache.cache_entry"))
			.isEqualTo("2 of 256");
	}

	@Test
	void oneRefusedValueFailsAlone() {
		StoredValue broken = StoredValue.json("{", "io.psqache.A");
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put("key", broken))
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.REJECTED));
		put("key", VALUE);
		assertThat(get("key")).isNotNull();
	}

	@Test
	void cacheThatWasDroppedIsMadeAgain() {
		put("key", VALUE);
		this.database.execute("delete from psqache.cache");
		assertThat(get("key")).isNull();
		put("key", VALUE);
		assertThat(get("key")).isNotNull();
	}

	@Test
	void putIfAbsentIntoACacheThatWasDroppedIsWritten() {
		put("key", VALUE);
		this.database.execute("delete from psqache.cache");
		assertThat(this.store.putIfAbsent(this.cache, "key", VALUE, Lifetime.FOREVER).await()).isTrue();
		assertThat(get("key")).isNotNull();
	}

	@Test
	void evictionAndClearReachACacheThatOthersMadeAgain() {
		EntryStore others = TestStores.open(this.pool, 1, Duration.ofSeconds(5));
		put("key", VALUE);
		this.database.execute("delete from psqache.cache");
		CacheHandle made = TestStores.cache(others, "test", "cache");
		others.put(made, "key", TestStores.entry(VALUE)).await();
		assertThat(this.store.evict(this.cache, "key").await()).isTrue();
		assertThat(others.get(made, "key", null).await().present()).isNull();
		this.database.execute("delete from psqache.cache");
		CacheHandle madeAgain = TestStores.cache(others, "test", "cache");
		others.put(madeAgain, "key", TestStores.entry(VALUE)).await();
		assertThat(this.store.clear(this.cache).await()).isTrue();
		assertThat(others.get(madeAgain, "key", null).await().present()).isNull();
		others.close();
	}

	@Test
	void idsAreNotGivenAgainByASchemaThatIsMadeAgain() {
		put("key", VALUE);
		String before = this.database.query("select id from psqache.cache");
		this.database.execute("drop schema psqache cascade");
		this.database.execute("select pg_sleep(1)"); // ids begin at the second of the
														// migration
		TestCaches.migrate(this.database);
		this.store.put(TestStores.cache(this.store, "test", "another"), "key", TestStores.entry(VALUE)).await();
		assertThat(get("key")).isNull();
		assertThat(this.database.query("select min(id) from psqache.cache")).isNotEqualTo(before);
	}

	@Test
	void missingSchemaIsToldApart() {
		this.database.execute("drop schema psqache cascade");
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get("key"))
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.SCHEMA_MISSING));
		assertThat(this.store.probe("test").await().schemaMissing()).isTrue();
	}

	@Test
	void brokenConnectionFailsWhatWasOnItAndTheNextRequestGetsAFreshOne() {
		put("key", VALUE);
		this.database.relay().cut();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get("key"))
			.satisfies((ex) -> assertThat(ex.failureCause()).isIn(FailureCause.UNAVAILABLE, FailureCause.TIMEOUT));
		this.database.relay().restore();
		Concurrently.awaitThat(() -> {
			try {
				return get("key") != null;
			}
			catch (StoreException ex) {
				return false;
			}
		});
	}

	@Test
	void timeLimitHoldsWhenTheServerHangs() {
		put("key", VALUE);
		this.database.relay().stall();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get("key"))
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.TIMEOUT));
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> this.store.get(this.cache, "key", null).in(CallMode.ASYNC).get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(StoreException.class);
	}

	@Test
	void timeLimitHoldsInTheQueue() {
		put("key", VALUE);
		this.database.relay().stall();
		List<CompletableFuture<ReadAnswer>> waiting = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			waiting.add(this.store.get(this.cache, "key", null).in(CallMode.ASYNC));
		}
		assertThat(waiting).allSatisfy((answer) -> assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(StoreException.class));
	}

	@Test
	void fullQueueRefusesAtOnce() {
		put("key", VALUE);
		this.database.relay().stall();
		Set<FailureCause> causes = ConcurrentHashMap.newKeySet();
		for (int i = 0; i < 20_000 && !causes.contains(FailureCause.OVERLOADED); i++) {
			this.store.get(this.cache, "key", null).in(CallMode.ASYNC).whenComplete((value, failure) -> {
				if (failure instanceof StoreException exception) {
					causes.add(exception.failureCause());
				}
			});
		}
		Concurrently.awaitThat(() -> causes.contains(FailureCause.OVERLOADED));
	}

	@Test
	void closedStoreAnswersEveryRequest() {
		put("key", VALUE);
		this.database.relay().stall();
		List<CompletableFuture<ReadAnswer>> waiting = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			waiting.add(this.store.get(this.cache, "key", null).in(CallMode.ASYNC));
		}
		this.store.close();
		assertThat(waiting).allSatisfy((answer) -> assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(StoreException.class));
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> get("key"))
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.CLOSED));
	}

	@Test
	void manyCallersShareFewConnections() throws Exception {
		put("key", VALUE);
		Concurrently.run(200, (number) -> get("key"));
		assertThat(this.pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(4);
	}

	@Test
	void putsAndEvictionsOfTheSameKeysDoNotDeadlock() throws Exception {
		Duration patience = Duration.ofSeconds(30);
		try (HikariDataSource patientPool = TestCaches.pool(this.database.url(), this.database, patience);
				EntryStore patient = TestStores.open(patientPool, 4, patience)) {
			Concurrently.run(16, (number) -> {
				for (int i = 0; i < 50; i++) {
					String key = "key" + (number + i) % 5;
					if (i % 3 == 0) {
						patient.evict(this.cache, key).await();
					}
					else {
						patient.put(this.cache, key, TestStores.entry(VALUE)).await();
					}
				}
				return null;
			});
		}
		assertThat(this.database.query("select deadlocks from pg_stat_database where datname = current_database()"))
			.isEqualTo("0");
	}

	private void put(String key, StoredValue value) {
		this.store.put(this.cache, key, TestStores.entry(value)).await();
	}

	private @Nullable StoredValue get(String key) {
		return this.store.get(this.cache, key, null).await().present();
	}

	private StoredValue present(String key) {
		return Objects.requireNonNull(get(key));
	}

}
