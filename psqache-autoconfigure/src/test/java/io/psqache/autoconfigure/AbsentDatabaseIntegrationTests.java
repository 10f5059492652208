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

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.test.FaultyServer;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application starts although a database is unreachable, and caching starts when the
 * database becomes reachable.
 */
@ExtendWith(OutputCaptureExtension.class)
class AbsentDatabaseIntegrationTests {

	private static final String STARTED = "The application starts without its cache";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@Test
	void serverOfTheCacheIsDown(@TempDir Path directory, CapturedOutput output) {
		try (FaultyServer server = FaultyServer.start(directory)) {
			server.stop();
			TestApplication.on(this.database)
				.withPropertyValues("psqache.datasource.url=" + server.url(),
						"psqache.datasource.username=" + server.username(),
						"psqache.datasource.password=" + server.password(), "psqache.timeout=500ms")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertIsDown(context, output);
					PostgresCache cache = TestApplication.cache(context, "books");
					assertThat(cache.get("1", () -> "loaded")).isEqualTo("loaded");
					cache.evict("1");
					cache.clear();
					assertThat(context.getBean(PostgresCacheManager.class).getStatus().pendingEvictions()).isPositive();
					server.restart();
					assertRecovers(context);
					assertThat(server.query("select count(*) from psqache.schema_history where success"))
						.isNotEqualTo("0");
					assertThat(warnings(output)).hasSize(1);
				});
		}
	}

	@Test
	void serverOfTheApplicationIsDownAndItsPoolToleratesThat(@TempDir Path directory, CapturedOutput output) {
		try (FaultyServer server = FaultyServer.start(directory)) {
			server.stop();
			new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
				.withPropertyValues(TestApplication.properties(server.url(), server.username(), server.password(),
						"psqache.timeout=500ms", "spring.datasource.hikari.initialization-fail-timeout=-1"))
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertIsDown(context, output);
					server.restart();
					assertRecovers(context);
				});
		}
	}

	@Test
	void serverDoesNotAnswer(CapturedOutput output) {
		this.database.relay().stall();
		throughRelay().run((context) -> {
			assertThat(context).hasNotFailed();
			assertIsDown(context, output);
			this.database.relay().restore();
			assertRecovers(context);
		});
	}

	@Test
	void serverHasNoConnectionsLeft(CapturedOutput output) {
		String role = this.database.createRole();
		this.database.execute("create schema psqache authorization " + role);
		this.database.execute("alter role " + role + " connection limit 0");
		asRole(role).run((context) -> {
			assertThat(context).hasNotFailed();
			assertIsDown(context, output);
			this.database.execute("alter role " + role + " connection limit -1");
			assertRecovers(context);
		});
	}

	@Test
	void tablesAreWatchedAfterRecovery() {
		this.database.execute("create table book (isbn text, title text); insert into book values ('1', 'old')");
		this.database.relay().cut();
		throughRelay()
			.withPropertyValues("psqache.watch[0].table=book", "psqache.watch[0].cache=books",
					"psqache.watch[0].key=isbn")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				this.database.relay().restore();
				assertRecovers(context);
				PostgresCache cache = TestApplication.cache(context, "books");
				cache.put("1", "old");
				this.database.execute("update book set title = 'new'");
				assertThat(cache.get("1")).isNull();
			});
	}

	@Test
	void tablesOfOtherDatabaseAreNotWatchedAfterRecovery(CapturedOutput output) {
		try (TestDatabase another = TestDatabase.create()) {
			this.database.execute("create table book (isbn text)");
			another.execute("create table book (isbn text)");
			another.relay().cut();
			TestApplication.on(this.database)
				.withPropertyValues("psqache.datasource.url=" + another.relayedUrl(), "psqache.timeout=500ms",
						"psqache.watch[0].table=book", "psqache.watch[0].cache=books", "psqache.watch[0].key=isbn")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					another.relay().restore();
					Concurrently.awaitThat(() -> output.getOut().contains("psqache cannot watch tables"));
					assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
					assertThat(another.query("select count(*) from pg_trigger where tgname like 'psqache%'"))
						.isEqualTo("0");
				});
		}
	}

	/**
	 * The application's pool may also wait long for an unreachable database.
	 */
	@Test
	void poolOfApplicationIsNotUsedAtStartup() {
		this.database.relay().cut();
		Observed application = new Observed();
		throughRelay()
			.withPropertyValues("psqache.transactions=atomic", "psqache.datasource.url=" + this.database.relayedUrl(),
					"psqache.datasource.username=" + this.database.username(),
					"psqache.datasource.password=" + this.database.password())
			.withBean("dataSource", DataSource.class, () -> application)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(application.asked).hasValue(0);
			});
	}

	@Test
	void failedStartupEndsRecovery() {
		Set<Thread> before = recoveries();
		this.database.relay().cut();
		throughRelay().withBean(CacheManagerCustomizer.class, () -> (manager) -> {
			assertThat(recoveries()).hasSizeGreaterThan(before.size());
			throw new IllegalStateException("not customized");
		}).run((context) -> assertThat(context).getFailure().rootCause().hasMessage("not customized"));
		Concurrently.awaitThat(() -> before.containsAll(recoveries()));
	}

	private static Set<Thread> recoveries() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("psqache-recovery"))
			.collect(Collectors.toSet());
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void schemaOfOtherVersionIsNotUsedAfterRecovery(boolean migrate, CapturedOutput output) {
		this.database.execute("create schema psqache; create function psqache.schema_version() returns int "
				+ "language sql as 'select 1'");
		this.database.relay().cut();
		throughRelay().withPropertyValues("psqache.migrate=" + migrate).run((context) -> {
			assertThat(context).hasNotFailed();
			this.database.relay().restore();
			Concurrently.awaitThat(() -> output.getOut().contains("psqache's schema is not ready"));
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			assertThat(TestApplication.roundTrip(context)).isEqualTo("no");
			this.database.execute("drop schema psqache cascade");
			TestApplication.on(this.database).run((other) -> assertRecovers(context));
		});
	}

	@Test
	void missingPrivilegeIsReportedAfterRecovery(CapturedOutput output) {
		String role = this.database.createRole();
		this.database.execute("alter role " + role + " connection limit 0");
		asRole(role).run((context) -> {
			assertThat(context).hasNotFailed();
			this.database.execute("alter role " + role + " connection limit -1");
			Concurrently.awaitThat(() -> output.getOut().contains("lacks the privilege"));
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
			this.database.execute("create schema psqache authorization " + role);
			assertRecovers(context);
		});
	}

	@Test
	void missingPrivilegeFailsStartup() {
		asRole(this.database.createRole())
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("permission denied"));
	}

	@Test
	void failFastFailsStartup() {
		this.database.relay().cut();
		throughRelay().withPropertyValues("psqache.fail-fast=true")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("psqache cannot connect to its database"));
	}

	private ApplicationContextRunner throughRelay() {
		return new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(TestApplication.properties(this.database.relayedUrl() + "?sslmode=disable",
					this.database.username(), this.database.password(), "psqache.timeout=500ms"));
	}

	private ApplicationContextRunner asRole(String role) {
		return new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(TestApplication.properties(this.database.url(), role, this.database.password(),
					"psqache.timeout=500ms"));
	}

	private static void assertIsDown(BeanFactory context, CapturedOutput output) {
		assertThat(TestApplication.roundTrip(context)).isEqualTo("no");
		assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
		assertThat(warnings(output)).singleElement().asString().contains(STARTED);
	}

	private static void assertRecovers(BeanFactory context) {
		Concurrently.awaitThat(() -> TestApplication.roundTrip(context).equals("yes"));
		Concurrently.awaitThat(() -> health(context).getStatus().equals(Status.UP));
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.getOut()
			.lines()
			.filter((line) -> (line.contains(" WARN ") || line.contains(" ERROR ")) && line.contains("psqache"))
			.toList();
	}

	private static Health health(BeanFactory context) {
		HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
		HealthIndicator indicator = (HealthIndicator) Objects.requireNonNull(registry.getContributor("psqache"));
		return Objects.requireNonNull(indicator.health());
	}

	private static final class Observed extends OpaqueDataSource {

		private final AtomicInteger asked = new AtomicInteger();

		@Override
		public Connection getConnection() throws SQLException {
			boolean byPsqache = StackWalker.getInstance()
				.walk((frames) -> frames
					.anyMatch((frame) -> frame.getClassName().startsWith(PsqacheAutoConfiguration.class.getName())));
			if (byPsqache) {
				this.asked.incrementAndGet();
			}
			return super.getConnection();
		}

	}

}
