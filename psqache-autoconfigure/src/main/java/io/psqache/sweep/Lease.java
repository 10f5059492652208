package io.psqache.sweep;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

import io.psqache.store.Lane;

/**
 * The right to sweep, which one instance has of all that share the schema: a row in the
 * table {@code sweeper}. Who has it renews it with every step, so that another one takes
 * over a few seconds after it has died. Nothing is locked in between and no session keeps
 * it, so it holds behind a pooler too.
 */
final class Lease {

	/**
	 * How long it lasts, besides the time that the statements of a step may take. Who
	 * rests longer does not have it meanwhile: then whoever comes first takes it.
	 */
	private static final Duration SPARE = Duration.ofSeconds(4);

	/**
	 * How many statements of a step may take as long as they may, before another instance
	 * has its turn.
	 */
	private static final int STATEMENTS = 4;

	private final UUID holder = UUID.randomUUID();

	private final SweepSql sql;

	private final long micros;

	/**
	 * Create it; nobody has it yet.
	 * @param timeout how long a statement may take
	 */
	Lease(SweepSql sql, Duration timeout) {
		this.sql = sql;
		this.micros = timeout.multipliedBy(STATEMENTS).plus(SPARE).toNanos() / 1_000;
	}

	/**
	 * Take it or renew it.
	 * @param place the page where this instance goes on if it had it already
	 * @return empty while someone else has it
	 */
	Optional<Held> take(Lane lane, long place) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.takeLease)) {
			statement.setString(1, this.holder.toString());
			statement.setLong(2, this.micros);
			statement.setLong(3, place);
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? Optional.of(new Held(rows.getLong("next_page"), rows.getLong("inserted")))
						: Optional.empty();
			}
		}
	}

	/**
	 * Give it back, for whoever comes next.
	 * @param place where to go on
	 */
	int release(Lane lane, long place) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.releaseLease)) {
			statement.setLong(1, place);
			statement.setString(2, this.holder.toString());
			return statement.executeUpdate();
		}
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
