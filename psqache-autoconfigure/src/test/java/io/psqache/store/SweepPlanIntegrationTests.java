package io.psqache.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;

import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The plans of the sweeper: a step must never read the whole table. The driver's prepared
 * statements have the custom plan at first and may have the generic one later.
 */
class SweepPlanIntegrationTests {

	private static final SweepSql SQL = new SweepSql(TestCaches.SCHEMA);

	private final TestDatabase database = TestDatabase.create();

	@BeforeEach
	void fill() {
		TestCaches.migrate(this.database);
		this.database.execute("""
				insert into psqache.entry
				  (cache_id, key, epoch, payload, type, written_at, used_at, expires_at, live_until)
				select 1, n::text, 0, convert_to(repeat(md5(n::text), 30), 'UTF8'), 'x', now(), now(), now(), now()
				from generate_series(1, 14000) as n
				""");
		this.database.execute("analyze psqache.entry");
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void lookReadsItsPagesAndNoOthers(String mode) throws SQLException {
		assertThat(plan(mode, SQL.look, List.of("varchar", "varchar", "varchar", "varchar"),
				"null, now()::text, '(0,0)', '(1000,0)'"))
			.contains("Tid Range Scan on entry e")
			.doesNotContain("Seq Scan on entry");
	}

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void removalOfTheDeadReadsItsPagesAndNoOthers(String mode) throws SQLException {
		assertThat(plan(mode, SQL.removeDead, List.of("varchar", "varchar", "int"), "'(0,0)', '(1000,0)', 5000"))
			.contains("Tid Range Scan on entry e", "Tid Scan on entry")
			.doesNotContain("Seq Scan on entry");
	}

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void removalOfTombstonesReadsItsPagesAndNoOthers(String mode) throws SQLException {
		assertThat(plan(mode, SQL.removeTombstones, List.of("varchar", "varchar", "varchar", "int"),
				"'(0,0)', '(1000,0)', '1:1:', 5000"))
			.contains("Tid Range Scan on entry", "Tid Scan on entry")
			.doesNotContain("Seq Scan on entry");
	}

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void evictionReadsItsPagesAndNoOthers(String mode) throws SQLException {
		assertThat(plan(mode, SQL.removeUnused,
				List.of("int[]", "bigint[]", "bigint[]", "bigint[]", "varchar", "varchar", "bigint", "varchar",
						"varchar", "int", "varchar", "varchar"),
				"'{1}', '{1000}', '{500}', '{512}', now()::text, now()::text, 0, '(0,0)', '(1000,0)', 5000, null, null"))
			.contains("Tid Range Scan on entry e", "Tid Scan on entry")
			.doesNotContain("Seq Scan on entry");
	}

	/**
	 * A writer that helps finds the neighbours of its key by the index.
	 */
	@Test
	void reliefReadsTheIndex() throws SQLException {
		assertThat(plan("force_generic_plan", new EntrySql(TestCaches.SCHEMA).relieve,
				List.of("int", "varchar", "bigint", "bigint", "bigint", "varchar", "varchar"),
				"1, '5', 10, 1000, 2, null, null"))
			.contains("Index Scan using entry_pkey on entry")
			.doesNotContain("Seq Scan on entry");
	}

	private String plan(String mode, String statement, List<String> types, String arguments) throws SQLException {
		StringJoiner plan = new StringJoiner("\n");
		String sql = statement;
		for (int parameter = 1; parameter <= types.size(); parameter++) {
			sql = sql.replaceFirst("\\?", "\\$" + parameter);
		}
		try (Connection connection = this.database.connect(); Statement session = connection.createStatement()) {
			session.execute("set plan_cache_mode = " + mode);
			session.execute("prepare it (" + String.join(", ", types) + ") as " + sql);
			try (ResultSet rows = session.executeQuery("explain (costs off) execute it (" + arguments + ")")) {
				while (rows.next()) {
					plan.add(rows.getString(1));
				}
			}
		}
		return plan.toString();
	}

}
