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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;

import io.psqache.TestCaches;
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
