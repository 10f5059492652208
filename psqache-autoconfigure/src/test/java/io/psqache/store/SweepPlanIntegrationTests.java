package io.psqache.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The plan of the sweep: a portion must never read the whole table.
 */
class SweepIntegrationTests {

	@Test
	void portionReadsItsPagesAndNoOthers() throws SQLException {
		try (TestDatabase database = TestDatabase.create(); Connection connection = database.connect()) {
			TestCaches.migrate(database);
			database.execute("""
					insert into psqache.entry (cache_id, key, epoch, payload, type, written_at, expires_at, live_until)
					select 1, n::text, 0, convert_to(repeat(md5(n::text), 30), 'UTF8'), 'x', now(), now(), now()
					from generate_series(1, 14000) as n
					""");
			database.execute("analyze psqache.entry");
			for (String mode : new String[] { "force_custom_plan", "force_generic_plan" }) {
				assertThat(plan(connection, mode)).as(mode)
					.contains("Tid Range Scan on entry e", "Tid Scan on entry")
					.doesNotContain("Seq Scan on entry");
			}
		}
	}

	/**
	 * The driver's prepared statements have the one plan at first and may have the other
	 * later.
	 */
	private static String plan(Connection connection, String mode) throws SQLException {
		StringJoiner plan = new StringJoiner("\n");
		String sql = new EntrySql(TestCaches.SCHEMA).sweep;
		for (int parameter = 1; parameter <= 3; parameter++) {
			sql = sql.replaceFirst("\\?", "\\$" + parameter);
		}
		try (Statement statement = connection.createStatement()) {
			statement.execute("set plan_cache_mode = " + mode);
			statement.execute("prepare " + mode + "(varchar, varchar, int) as " + sql);
			try (ResultSet rows = statement
				.executeQuery("explain (costs off) execute " + mode + "('(0,0)', '(1000,0)', 5000)")) {
				while (rows.next()) {
					plan.add(rows.getString(1));
				}
			}
		}
		return plan.toString();
	}

}
