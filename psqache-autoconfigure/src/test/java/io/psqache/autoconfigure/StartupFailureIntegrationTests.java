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

package io.psqache.autoconfigure;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Without a usable PostgreSQL, the application does not start. The report contains the
 * reason, but no secrets.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupFailureIntegrationTests {

	private static final String SECRET = "s3cret-Word";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@Test
	void databaseThatIsNotPostgresIsNamed(CapturedOutput output) {
		StartupReport report = start("jdbc:h2:mem:not-postgres", output);
		assertThat(report.description()).isEqualTo("psqache needs PostgreSQL, but its DataSource connects to H2.");
		assertThat(report.action())
			.isEqualTo("Set psqache.datasource.url to a PostgreSQL database (jdbc:postgresql://...), or set "
					+ "psqache.enabled=false.");
	}

	@Test
	void unreachableServerIsReported(CapturedOutput output) {
		String url = this.database.relayedUrl();
		this.database.relay().close();
		StartupReport report = start(url + "?password=" + SECRET, output, "psqache.fail-fast=true");
		assertThat(report.description()).startsWith("psqache cannot connect to its database: ").contains("refused");
		assertThat(report.action())
			.isEqualTo("Check that PostgreSQL runs, and check the connection details: psqache.datasource.* "
					+ "if set, or those of the application's DataSource.");
	}

	@Test
	void missingDatabaseIsReported(CapturedOutput output) {
		StartupReport report = start(this.database.url() + "_missing?password=" + this.database.password(), output);
		assertThat(report.description()).startsWith("psqache cannot connect to its database: ")
			.contains("does not exist");
	}

	@Test
	void roleWithoutLoginIsReported(CapturedOutput output) {
		String role = this.database.createRole();
		this.database.execute("alter role " + role + " nologin password '" + SECRET + "'");
		StartupReport report = StartupReport.of(output, TestApplication.class,
				TestApplication.properties(this.database.url(), role, SECRET));
		assertThat(report.description()).startsWith("psqache cannot connect to its database: ")
			.contains("\"" + role + "\" is not permitted to log in");
		assertThat(report.text()).doesNotContain(SECRET);
	}

	@Test
	void wrongPasswordIsReported(CapturedOutput output) {
		String role = this.database.createRole();
		requirePasswordOf(role);
		StartupReport report = StartupReport.of(output, TestApplication.class,
				TestApplication.properties(this.database.url(), role, SECRET));
		assertThat(report.description()).startsWith("psqache cannot connect to its database: ")
			.contains("password authentication failed for user \"" + role + "\"");
		assertThat(report.text()).doesNotContain(SECRET);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgres://localhost/db?password=" + SECRET,
			"jdbc:postgresql://localhost:port/db?password=" + SECRET, "postgresql://user:" + SECRET + "@localhost/db" })
	void unsupportedSeparateUrlIsReportedWithoutSecrets(String url, CapturedOutput output) {
		StartupReport report = start(url, output);
		assertThat(report.description())
			.isEqualTo("psqache cannot connect: no JDBC driver on the class path accepts " + "psqache.datasource.url.");
		assertThat(report.action()).isEqualTo(
				"Set it to the URL of a PostgreSQL database, such as " + "jdbc:postgresql://host:5432/database.");
	}

	@Test
	void unsupportedUrlOfTheApplicationIsReportedWithoutSecrets(CapturedOutput output) {
		StartupReport report = StartupReport.of(output, TestApplication.class,
				TestApplication.properties("jdbc:postgresql://localhost:port/db?password=" + SECRET, "anyone", SECRET));
		assertThat(report.description()).startsWith("psqache cannot connect to its database: ").endsWith(" its URL");
		assertThat(report.text()).doesNotContain(SECRET);
	}

	@Test
	void dataSourceThatHidesItsUrlIsReported(CapturedOutput output) {
		StartupReport report = StartupReport.of(output, WithOpaqueDataSource.class,
				TestApplication.properties(this.database));
		assertThat(report.description()).contains(OpaqueDataSource.class.getName());
		assertThat(report.action())
			.isEqualTo("Set psqache.datasource.url, psqache.datasource.username and psqache.datasource.password.");
	}

	private StartupReport start(String cacheUrl, CapturedOutput output, String... properties) {
		List<String> all = new ArrayList<>(List.of("psqache.datasource.url=" + cacheUrl,
				"psqache.datasource.username=" + this.database.username(), "psqache.datasource.password=" + SECRET));
		all.addAll(List.of(properties));
		StartupReport report = StartupReport.of(output, TestApplication.class,
				TestApplication.properties(this.database, all.toArray(String[]::new)));
		assertThat(report.text()).doesNotContain(SECRET);
		return report;
	}

	@Configuration(proxyBeanMethods = false)
	static class WithOpaqueDataSource extends TestApplication {

		@Bean
		DataSource dataSource() {
			return new OpaqueDataSource();
		}

	}

	/**
	 * Require a password for one role on the embedded server, which otherwise trusts all
	 * connections. The rule remains, but no other test uses this role.
	 */
	private void requirePasswordOf(String role) {
		if (mayLogIn(role)) {
			Assumptions.assumeTrue(this.database.server().startsWith("an embedded"), "The server trusts everyone");
			this.database.execute("""
					do $$
					declare
					  file text := current_setting('hba_file');
					  rules oid := lo_from_bytea(0, 'host all %s all scram-sha-256\\012' || pg_read_binary_file(file));
					begin
					  perform lo_export(rules, file);
					end
					$$
					""".formatted(role));
			this.database.query("select pg_reload_conf()");
			Concurrently.awaitThat(() -> !mayLogIn(role));
		}
	}

	private boolean mayLogIn(String role) {
		try {
			DriverManager.getConnection(this.database.url(), role, SECRET).close();
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

}
