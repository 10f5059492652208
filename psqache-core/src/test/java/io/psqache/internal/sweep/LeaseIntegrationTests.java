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
 * Of all instances that share the schema, one sweeps at a time.
 */
class LeaseIntegrationTests extends SweepingFixture {

	@Test
	void instanceContinuesAfterTheLeaseOfAnotherExpires() {
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
			.as("the instance waited for the lease")
			.isEqualTo("t");
		assertThat(this.database.query("select place >= '(30,0)'::tid from deleted order by number limit 1"))
			.as("the instance continued from page 30")
			.isEqualTo("t");
	}

	/**
	 * An instance of version 1 sweeps the table of its own version.
	 */
	@Test
	void leaseOfVersion1DoesNotBlock() {
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
	void oneInstanceSweepsAndAnotherTakesOverWhenItStops() {
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
	 * A pooler may execute each statement in another session.
	 */
	@Test
	void noTransactionOrLockIsHeldBetweenStatements() {
		try (TestCaches caches = sweeping()) {
			caches.cache("books").put("key", "value");
			awaitWalks(2);
			for (int check = 0; check < 50; check++) {
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
	void stoppingInstanceRecordsItsPageAndReleasesTheLease() {
		fillBooks(20_000, "now() + interval '1 day'");
		long seen;
		try (TestCaches caches = TestCaches.sweeping(this.database, UnaryOperator.identity(), 1)) {
			assertThat(caches.manager()).isNotNull();
			Awaitility.await().until(() -> nextPage() > 0);
			seen = nextPage();
		}
		assertThat(nextPage()).isGreaterThanOrEqualTo(seen);
		assertThat(this.database.query("select held_until <= now() from psqache.sweeper")).isEqualTo("t");
	}

	private long nextPage() {
		return Long
			.parseLong(String.valueOf(this.database.query("select coalesce(max(next_page), -1) from psqache.sweeper")));
	}

}
