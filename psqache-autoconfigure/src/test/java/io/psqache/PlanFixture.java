package io.psqache;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;

import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A table of some thousand pages, and the plans of statements on it. The driver's
 * prepared statements have the custom plan at first and may have the generic one later.
 */
public abstract class PlanFixture {

	private final TestDatabase database = TestDatabase.create();

	@BeforeEach
	final void fill() {
		TestCaches.migrate(this.database);
		this.database.execute("""
				insert into psqache.cache_entry
				  (cache_id, key_hash, key, epoch, payload, type, written_at, used_at, expires_at, live_until)
				select 1, psqache.key_hash(n::text), n::text, 0, convert_to(repeat(md5(n::text), 30), 'UTF8'), 'x',
				  now(), now(), now(), now()
				from generate_series(1, 14000) as n
				""");
		this.database.execute("analyze psqache.cache_entry");
	}

	@AfterEach
	final void close() {
		this.database.close();
	}

	protected final String plan(String mode, String statement, List<String> types, String arguments)
			throws SQLException {
		return plan(mode, statement, types, arguments, 1);
	}

	/**
	 * The plan of a statement when it is executed for so many times.
	 */
	protected final String plan(String mode, String statement, List<String> types, String arguments, int executions)
			throws SQLException {
		StringJoiner plan = new StringJoiner("\n");
		String sql = statement;
		for (int parameter = 1; parameter <= types.size(); parameter++) {
			sql = sql.replaceFirst("\\?", "\\$" + parameter);
		}
		try (Connection connection = this.database.connect(); Statement session = connection.createStatement()) {
			session.execute("set plan_cache_mode = " + mode);
			session.execute("prepare it (" + String.join(", ", types) + ") as " + sql);
			for (int execution = 1; execution < executions; execution++) {
				session.execute("execute it (" + arguments + ")");
			}
			try (ResultSet rows = session.executeQuery("explain (costs off) execute it (" + arguments + ")")) {
				while (rows.next()) {
					plan.add(rows.getString(1));
				}
			}
		}
		return plan.toString();
	}

}
