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

import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

import io.psqache.TestCaches;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One instance sweeps at a time of all that share the schema.
 */
class LeaseIntegrationTests extends SweepingFixture {

	@Test
	void instanceWithoutTheLeaseWaitsUntilItRunsOutAndGoesOnFromThere() {
		fillBooks(2_000, "now()");
		this.database.execute("create table deleted (number int generated always as identity, place tid, "
				+ "at timestamptz default clock_timestamp())");
		this.database.execute("create function note() returns trigger language plpgsql as "
				+ "$$ begin insert into deleted (place) values (old.ctid); return old; end $$");
		this.database
			.execute("create trigger note before delete on psqache.cache_entry for each row execute function note()");
		this.database.execute("""
				insert into psqache.sweeper (id, holder, taken_at, held_until, next_page)
				values (2, '%s', now(), now() + interval '3 seconds', 30)
				""".formatted(UUID.randomUUID()));
		this.database.execute("create table lease as select held_until from psqache.sweeper");
		try (TestCaches caches = sweeping()) {
			caches.cache("books").put("lives", "value");
			awaitRows(1);
		}
		assertThat(this.database.query("select min(at) >= (select held_until from lease) from deleted"))
			.as("it waited for its turn")
			.isEqualTo("t");
		assertThat(this.database.query("select place >= '(30,0)'::tid from deleted order by number limit 1"))
			.as("it went on from page 30")
			.isEqualTo("t");
	}

	/**
	 * Which sweeps the table of that version.
	 */
	@Test
	void instanceOfVersion1ThatHasItsLeaseIsNotWaitedFor() {
		fillBooks(100, "now()");
		this.database.execute("""
				insert into psqache.sweeper (id, holder, taken_at, held_until, next_page)
				values (1, '%s', now(), now() + interval '1 hour', 0)
				""".formatted(UUID.randomUUID()));
		try (TestCaches caches = sweeping()) {
			caches.cache("books").put("lives", "value");
			awaitRows(1);
		}
	}

	@Test
	void oneOfManyInstancesSweepsAndTheNextTakesOverWhenItStops() {
		try (TestCaches first = sweeping()) {
			String holder = awaitHolder("");
			try (TestCaches second = sweeping(); TestCaches third = sweeping()) {
				second.cache("books").put("key", "value");
				awaitUsage(second.cache("books"));
				assertThat(third.cache("books").get("key")).isNotNull();
				assertThat(holder()).isEqualTo(holder);
				first.close();
				awaitHolder(holder);
			}
		}
	}

	/**
	 * A pooler may give each statement another session.
	 */
	@Test
	void nothingIsHeldBetweenTwoStatements() {
		try (TestCaches caches = sweeping()) {
			caches.cache("books").put("key", "value");
			awaitWalks(2);
			for (int look = 0; look < 50; look++) {
				assertThat(this.database.query("""
						select count(*)
						from pg_stat_activity a
						where a.datname = current_database() and a.application_name = 'psqache'
						  and (a.state = 'idle in transaction'
						    or exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory'))
						""")).isEqualTo("0");
			}
		}
	}

	@Test
	void placeIsKeptWhenAnInstanceStopsAndTheLeaseIsGivenBack() {
		fillBooks(20_000, "now() + interval '1 day'");
		long seen;
		try (TestCaches caches = TestCaches.sweeping(this.database, UnaryOperator.identity(), 1)) {
			assertThat(caches.manager()).isNotNull();
			Awaitility.await().until(() -> place() > 0);
			seen = place();
		}
		assertThat(place()).isGreaterThanOrEqualTo(seen);
		assertThat(this.database.query("select held_until <= now() from psqache.sweeper")).isEqualTo("t");
	}

	private long place() {
		return Long
			.parseLong(String.valueOf(this.database.query("select coalesce(max(next_page), -1) from psqache.sweeper")));
	}

}
