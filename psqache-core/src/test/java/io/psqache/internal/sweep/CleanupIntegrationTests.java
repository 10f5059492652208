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

package io.psqache.internal.sweep;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.psqache.FailureCause;
import io.psqache.PostgresCacheManager;
import io.psqache.StoreException;
import io.psqache.TestCaches;
import io.psqache.TypedCache;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A cleanup deletes only entries that can no longer be read, without waiting for a lock.
 */
class CleanupIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final TestCaches caches = TestCaches.on(this.database, UnaryOperator.identity());

	private final PostgresCacheManager manager = this.caches.manager();

	private final TypedCache<String, String> books = this.manager.typedCache("books", String.class, String.class);

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
	void emptyTableHasNothingToDelete() {
		assertThat(this.manager.cleanup()).isZero();
	}

	@Test
	void unreadableEntriesAreDeletedAndCounted() {
		TypedCache<String, String> films = this.manager.typedCache("films", String.class, String.class);
		TypedCache<String, String> plays = this.manager.typedCache("plays", String.class, String.class);
		films.setAll(Map.of("a", "of an earlier", "b", "epoch"));
		films.clear();
		films.set("c", "of this epoch");
		plays.set("a", "has no cache");
		this.database.execute("delete from psqache.cache where name = 'plays'");
		this.books.setAll(Map.of("a", "expired", "b", "lives", "c", "expired"));
		this.books.set("d", "does not expire", Duration.ZERO);
		this.database.execute("update psqache.cache_entry set expires_at = now() "
				+ "where cache_id = (select id from psqache.cache where name = 'books') and key in ('\"a\"', '\"c\"')");
		assertThat(this.manager.cleanup()).isEqualTo(5);
		assertThat(entries()).isEqualTo("\"b\",\"c\",\"d\"");
		assertThat(this.manager.cleanup()).isZero();
		assertThat(this.books.getAll(java.util.List.of("b", "d"))).hasSize(2);
		assertThat(films.get("c")).contains("of this epoch");
	}

	@Test
	void lockedRowIsSkipped() throws Exception {
		this.books.setAll(Map.of("a", "expired", "b", "expired"));
		this.database.execute("update psqache.cache_entry set expires_at = now()");
		try (Connection writer = this.database.connect(); Statement statement = writer.createStatement()) {
			writer.setAutoCommit(false);
			statement.execute("update psqache.cache_entry set expires_at = 'infinity' where key = '\"a\"'");
			assertThat(this.manager.cleanup()).isEqualTo(1);
			writer.commit();
		}
		assertThat(this.manager.cleanup()).isZero();
		assertThat(this.books.get("a")).contains("expired");
	}

	/**
	 * About 2,000 pages; each 1,000 pages have more rows than a statement deletes.
	 */
	@Test
	void largeTableIsSweptInSteps() throws Exception {
		this.books.set("lives", "value");
		this.database.execute("""
				insert into psqache.cache_entry
				  (cache_id, key_hash, key, epoch, payload, type, written_at, used_at, expires_at, live_until)
				select id, psqache.key_hash(n::text), n::text, epoch, convert_to(repeat(md5(n::text), 30), 'UTF8'), 'x',
				  now(), now(), now(), now()
				from psqache.cache, generate_series(1, 14000) as n
				""");
		this.database.execute("analyze psqache.cache_entry");
		assertThat(Integer.parseInt(String.valueOf(this.database
			.query("select pg_relation_size('psqache.cache_entry') / current_setting('block_size')::int"))))
			.isGreaterThan(2_000);
		assertThat(this.manager.cleanup()).isEqualTo(14_000);
		assertThat(entries()).isEqualTo("\"lives\"");
	}

	/**
	 * All entries are on one or two pages. The deletion from one page takes more than one
	 * second, which is the time limit.
	 */
	@Test
	@Timeout(60)
	void stepThatTimesOutIsRepeatedInSmallerSteps() {
		this.books.setAll(IntStream.range(0, 80).boxed().collect(Collectors.toMap(String::valueOf, String::valueOf)));
		this.database.execute("update psqache.cache_entry set expires_at = now()");
		this.database.execute("create function slow() returns trigger language plpgsql as "
				+ "$$ begin perform pg_sleep(0.03); return old; end $$");
		this.database
			.execute("create trigger slow before delete on psqache.cache_entry for each row execute function slow()");
		try (TestCaches impatient = TestCaches.behindRelay(this.database, Duration.ofSeconds(1))) {
			assertThat(impatient.manager().cleanup()).isEqualTo(80);
		}
	}

	@Test
	void failureIsThrown() {
		this.database.execute("drop schema psqache cascade");
		assertThatExceptionOfType(StoreException.class).isThrownBy(this.manager::cleanup)
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.SCHEMA_MISSING));
	}

	private String entries() {
		return String.valueOf(this.database
			.query("select string_agg(key, ',' order by key) from psqache.cache_entry where type <> 'evicted'"));
	}

}
