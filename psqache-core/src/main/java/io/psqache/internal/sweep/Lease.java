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

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

import io.psqache.internal.engine.Session;

/**
 * The right to sweep, which one of the instances that share the schema holds: a row in
 * the table {@code sweeper}. The holder renews the lease with every step, so that another
 * instance takes over a few seconds after the holder dies. The lease needs no lock and no
 * session, so it also works behind a connection pooler.
 */
final class Lease {

	/**
	 * The duration of the lease beyond the time limits of the statements of a step. If
	 * the holder rests longer, the lease expires and another instance may take it.
	 */
	private static final Duration SPARE = Duration.ofSeconds(4);

	/**
	 * The number of statements of a step that may reach their time limit before the lease
	 * expires.
	 */
	private static final int STATEMENTS = 4;

	/**
	 * Takes or renews the lease. The holder records its next page; an instance that takes
	 * an expired lease continues from there. The statement returns no row if another
	 * instance holds the lease. A subquery checks this first, because {@code on conflict}
	 * alone would lock the row. The row with the id 1 is the lease of instances of schema
	 * version 1, on the table of that version.
	 * <p>
	 * {@code inserted} is the number of rows that all instances have inserted in all
	 * caches, from the statistics of PostgreSQL.
	 */
	private static final String TAKE = """
			insert into ${schema}.sweeper as present (id, holder, taken_at, held_until, next_page)
			select 2, mine.holder, now(), now() + mine.micros * interval '1 microsecond', mine.next_page
			from (values (?::uuid, ?::bigint, ?::bigint)) as mine (holder, micros, next_page)
			where not exists (
			  select from ${schema}.sweeper other
			  where other.id = 2 and other.holder <> mine.holder and other.held_until > now()
			)
			on conflict (id) do update
			set holder = excluded.holder, taken_at = excluded.taken_at, held_until = excluded.held_until,
			  next_page = case when present.holder = excluded.holder then excluded.next_page else present.next_page end
			where present.holder = excluded.holder or present.held_until <= excluded.taken_at
			returning next_page, pg_stat_get_tuples_inserted('${schema}.cache_entry'::regclass) as inserted
			""";

	private static final String RELEASE = """
			update ${schema}.sweeper
			set held_until = now(), next_page = ?
			where id = 2 and holder = ?::uuid
			""";

	private final UUID holder = UUID.randomUUID();

	private final long micros;

	/**
	 * Create a lease that this instance does not hold yet.
	 * @param timeout the time limit of a statement
	 */
	Lease(Duration timeout) {
		this.micros = timeout.multipliedBy(STATEMENTS).plus(SPARE).toNanos() / 1_000;
	}

	/**
	 * Take or renew the lease.
	 * @param nextPage the next page of this instance, recorded if it already held the
	 * lease
	 * @return empty while another instance holds the lease
	 */
	Optional<Held> take(Session session, long nextPage) throws SQLException {
		PreparedStatement statement = session.update(TAKE);
		statement.setString(1, this.holder.toString());
		statement.setLong(2, this.micros);
		statement.setLong(3, nextPage);
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() ? Optional.of(new Held(rows.getLong("next_page"), rows.getLong("inserted")))
					: Optional.empty();
		}
	}

	/**
	 * Release the lease, so that another instance can take it immediately.
	 * @param nextPage the page where that instance continues
	 */
	int release(Session session, long nextPage) throws SQLException {
		PreparedStatement statement = session.update(RELEASE);
		statement.setLong(1, nextPage);
		statement.setString(2, this.holder.toString());
		return statement.executeUpdate();
	}

	/**
	 * The state of the lease while this instance holds it.
	 *
	 * @param nextPage the page to continue with
	 * @param inserted the rows inserted in the table since its statistics were reset
	 */
	record Held(long nextPage, long inserted) {

	}

}
