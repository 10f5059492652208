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
 * The right to sweep, which one instance has of all that share the schema: a row in the
 * table {@code sweeper}. The holder renews it with every step, so that another instance
 * takes over a few seconds after it has died. No lock and no session keeps it, so it
 * holds behind a pooler too.
 */
final class Lease {

	/**
	 * How long it lasts, besides the time that the statements of a step may take. An
	 * instance that rests longer does not have it meanwhile: the next one that asks takes
	 * it.
	 */
	private static final Duration SPARE = Duration.ofSeconds(4);

	/**
	 * How many statements of a step may take as long as they may, before another instance
	 * has its turn.
	 */
	private static final int STATEMENTS = 4;

	/**
	 * The holder renews the lease and tells where it is. Another instance takes it when
	 * it has run out, and goes on from there. No row: another instance has it. That is
	 * looked up first, since {@code on conflict} would lock the row to find out. The row
	 * with the id 1 is the lease of instances of schema version 1, on the table of that
	 * version.
	 * <p>
	 * The statistics tell how many rows were inserted, in all caches by all instances.
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
	 * Create a lease that this instance does not have yet.
	 * @param timeout how long a statement may take
	 */
	Lease(Duration timeout) {
		this.micros = timeout.multipliedBy(STATEMENTS).plus(SPARE).toNanos() / 1_000;
	}

	/**
	 * Take it or renew it.
	 * @param place the page where this instance goes on if it had it already
	 * @return empty while another instance has it
	 */
	Optional<Held> take(Session session, long place) throws SQLException {
		PreparedStatement statement = session.update(TAKE);
		statement.setString(1, this.holder.toString());
		statement.setLong(2, this.micros);
		statement.setLong(3, place);
		try (ResultSet rows = statement.executeQuery()) {
			return rows.next() ? Optional.of(new Held(rows.getLong("next_page"), rows.getLong("inserted")))
					: Optional.empty();
		}
	}

	/**
	 * Give it back, for the next instance that asks.
	 * @param place where to go on
	 */
	int release(Session session, long place) throws SQLException {
		PreparedStatement statement = session.update(RELEASE);
		statement.setLong(1, place);
		statement.setString(2, this.holder.toString());
		return statement.executeUpdate();
	}

	/**
	 * That this instance has it.
	 *
	 * @param place the page to go on with
	 * @param inserted rows inserted in the table since its statistics were reset
	 */
	record Held(long place, long inserted) {

	}

}
