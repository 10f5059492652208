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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheBounds;
import io.psqache.test.Concurrently;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How far a read moves the expiry of an entry, where the instances that write and read
 * have different limits.
 */
class TouchIntegrationTests {

	private static final StoredValue VALUE = StoredValue.json("\"value\"", "v1 java.lang.String");

	private static final Duration SHORT = Duration.ofMinutes(1);

	private static final Duration LONG = Duration.ofHours(1);

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final EntryStore store = TestStores.open(this.pool, 4, Duration.ofSeconds(20));

	private final CacheHandle books = this.store.cache("test", "books", CacheBounds.NONE, Lifetime.FOREVER,
			new Staleness(true, Duration.ZERO), ChangeListener.NONE);

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
	void entryWrittenWithoutTimeToIdleIsNotProlonged() throws SQLException {
		put("key", SHORT, null);
		touch("key", LONG);
		assertThat(query("expires_at = written_at + interval '1 minute'", "key")).isEqualTo("t");
	}

	@Test
	void readOfAnEntryWrittenWithoutTimeToIdleIsNotDue() {
		put("key", SHORT, null);
		put("idle", null, SHORT);
		age();
		this.store.get(this.books, "key", LONG).await();
		this.store.get(this.books, "idle", LONG).await();
		Concurrently.awaitThat(() -> "t".equals(isUsed("idle")));
		assertThat(isUsed("key")).isEqualTo("f");
	}

	@Test
	void entryWrittenWithTimeToIdleAloneIsProlongedWithoutLimit() throws SQLException {
		put("key", null, SHORT);
		assertThat(query("live_until = 'infinity'", "key")).isEqualTo("t");
		touch("key", LONG);
		assertThat(query("expires_at = used_at + interval '1 hour'", "key")).isEqualTo("t");
	}

	@Test
	void entryWrittenWithBothIsProlongedUpToItsTimeToLive() throws SQLException {
		put("key", SHORT.multipliedBy(2), SHORT);
		touch("key", LONG);
		assertThat(query("expires_at = live_until and live_until = written_at + interval '2 minutes'", "key"))
			.isEqualTo("t");
	}

	@Test
	void touchWithoutTimeToIdleNotesTheUseAlone() throws SQLException {
		put("key", LONG, SHORT);
		age();
		touch("key", null);
		assertThat(isUsed("key")).isEqualTo("t");
		assertThat(query("written_at + interval '1 minute' = expires_at", "key")).isEqualTo("t");
	}

	@Test
	void touchWithAShorterTimeToIdleShortensNothing() throws SQLException {
		put("key", null, LONG);
		touch("key", SHORT);
		assertThat(query("expires_at = written_at + interval '1 hour'", "key")).isEqualTo("t");
	}

	@Test
	void ageTellsTheEndOfTheTimeToLiveWhicheverLimitsTheReaderHas() {
		put("live", SHORT, null);
		put("both", LONG, SHORT);
		put("idle", null, SHORT);
		assertThat(timeLeft("live")).isBetween(Duration.ofSeconds(30), SHORT);
		assertThat(timeLeft("both")).isBetween(LONG.minusSeconds(30), LONG);
		assertThat(timeLeft("idle")).isNull();
	}

	private void put(String key, @Nullable Duration timeToLive, @Nullable Duration timeToIdle) {
		this.store.put(this.books, key, new NewEntry(VALUE, new Lifetime(timeToLive, timeToIdle))).await();
	}

	/**
	 * Let a second go by.
	 */
	private void age() {
		this.database.execute("update psqache.cache_entry set written_at = written_at - interval '1 second', "
				+ "used_at = used_at - interval '1 second', expires_at = expires_at - interval '1 second', "
				+ "live_until = live_until - interval '1 second'");
	}

	private void touch(String key, @Nullable Duration timeToIdle) throws SQLException {
		try (Connection connection = this.database.connect()) {
			this.store.statements()
				.reads()
				.touch(new ConnectionSession(connection), this.books, new long[] { KeyHash.of(key) }, timeToIdle);
		}
	}

	private @Nullable Duration timeLeft(String key) {
		return Objects.requireNonNull(this.store.get(this.books, key, SHORT).await().age()).timeLeft();
	}

	private @Nullable String isUsed(String key) {
		return query("used_at > written_at", key);
	}

	private @Nullable String query(String expression, String key) {
		return this.database.query("select " + expression + " from psqache.cache_entry where key = '" + key + "'");
	}

}
