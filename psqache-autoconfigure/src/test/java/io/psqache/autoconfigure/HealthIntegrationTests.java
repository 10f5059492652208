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

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The health component during failures. The status is {@code UP} again afterwards without
 * a restart.
 */
class HealthIntegrationTests {

	private static final String NO_ANSWER = "PostgreSQL did not answer within psqache.timeout";

	private static final String UNREACHABLE = "PostgreSQL cannot be reached";

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final String role = this.database.createRole();

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(TestApplication.class)
		.withPropertyValues(TestApplication.properties(this.database.relayedUrl(), this.role, this.database.password()))
		.withPropertyValues("psqache.timeout=1s", "psqache.pool.maximum-size=2", "spring.application.name=library");

	HealthIntegrationTests() {
		this.database.execute("create schema psqache authorization " + this.role);
	}

	@Test
	void detailsContainServer() {
		this.application.withPropertyValues("psqache.timeout=10s", "psqache.sweep.interval=10ms").run((context) -> {
			TestApplication.cache(context, "books").put(1, "a");
			TestApplication.cache(context, "films").put(1, "a");
			this.database.execute("insert into psqache.cache (namespace, name) values ('another', 'books')");
			Concurrently.awaitThat(() -> hasUsage(context, "books") && hasUsage(context, "films"));
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails())
				.containsOnlyKeys("server", "schemaVersion", "table", "caches", "usage", "roundTripMillis",
						"circuitBreaker", "pendingEvictions")
				.containsEntry("circuitBreaker", "closed")
				.containsEntry("pendingEvictions", 0L)
				.containsEntry("server", "PostgreSQL " + this.database.query("show server_version"))
				.containsEntry("schemaVersion", 4)
				.containsEntry("table", "unlogged")
				.containsEntry("caches", 2);
			assertThat(health.getDetails().get("roundTripMillis")).isInstanceOf(Double.class)
				.asString()
				.matches("\\d+\\.\\d+(E-\\d+)?")
				.isNotEqualTo("0.0");
			assertHoldsNoSecrets(health);
		});
	}

	@Test
	void detailsContainUsageOfEachUsedCache() {
		this.application.withPropertyValues("psqache.timeout=10s", "psqache.sweep.interval=10ms").run((context) -> {
			TestApplication.cache(context, "books").put(1, "a");
			TestApplication.cache(context, "books").put(2, "a".repeat(5_000));
			TestApplication.cache(context, "films").put(1, "a");
			TestApplication.cache(context, "unused");
			this.database
				.execute("update psqache.cache_entry set written_at = now() - interval '1 hour' where key = '2'");
			Concurrently.awaitThat(() -> {
				Map<?, ?> books = usage(context, "books");
				return books != null && Long.valueOf(2).equals(books.get("entries"))
						&& books.get("oldestSeconds") instanceof Long age && age >= 3_600
						&& usage(context, "films") != null;
			});
			assertThat(health(context).getDetails().get("usage")).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsOnlyKeys("books", "films");
			assertThat(usage(context, "films")).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsOnlyKeys("entries", "bytes", "expiredShare", "oldestSeconds", "ageSeconds")
				.containsEntry("entries", 1L)
				.containsEntry("expiredShare", 0.0);
		});
	}

	@Test
	void detailsContainLoggedTable() {
		this.application.withPropertyValues("psqache.unlogged=false")
			.run((context) -> assertThat(awaitUp(context)).containsEntry("table", "logged"));
	}

	@Test
	void isDownWhileTheConnectionIsCut() {
		this.application.run((context) -> {
			awaitUp(context);
			this.database.relay().cut();
			assertDown(health(context), NO_ANSWER, UNREACHABLE);
			assertDown(health(context), NO_ANSWER, UNREACHABLE);
			this.database.relay().restore();
			awaitUp(context);
		});
	}

	@Test
	void isDownWhileTheServerHangs() {
		this.application.run((context) -> {
			awaitUp(context);
			this.database.relay().stall();
			assertDown(health(context), NO_ANSWER);
			this.database.relay().restore();
			awaitUp(context);
		});
	}

	@Test
	void isDownWhileThePoolIsExhausted() {
		this.application.withPropertyValues("psqache.timeout=3s").run((context) -> {
			awaitUp(context);
			HikariDataSource pool = TestApplication.pool(context);
			List<Connection> taken = new ArrayList<>();
			for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
				taken.add(pool.getConnection());
			}
			assertDown(health(context), NO_ANSWER);
			for (Connection connection : taken) {
				connection.close();
			}
			awaitUp(context);
		});
	}

	@Test
	void isDownWhileTheSchemaIsMissing() {
		this.application.run((context) -> {
			awaitUp(context);
			this.database.execute("alter schema psqache rename to elsewhere");
			awaitDown(context, "psqache's schema is missing");
			assertThat(health(context).getDetails()).containsKeys("server", "roundTripMillis")
				.doesNotContainKeys("table", "schemaVersion", "caches");
			this.database.execute("alter schema elsewhere rename to psqache");
			awaitUp(context);
		});
	}

	@Test
	void isDownWhileOneTableIsMissing() {
		this.application.run((context) -> {
			awaitUp(context);
			this.database.execute("alter table psqache.cache rename to elsewhere");
			awaitDown(context, "psqache's schema is missing, or another program changed it");
			this.database.execute("alter table psqache.elsewhere rename to cache");
			awaitUp(context);
		});
	}

	@Test
	void isDownWhileThePrivilegeIsMissing() {
		this.application.run((context) -> {
			awaitUp(context);
			this.database.execute("alter schema psqache owner to current_user");
			this.database.execute("revoke all on schema psqache from " + this.role);
			awaitDown(context, "psqache's database role lacks a privilege on its schema");
			this.database.execute("grant usage on schema psqache to " + this.role);
			awaitUp(context);
		});
	}

	private void assertDown(Health health, String... reasons) {
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails().get("reason")).isIn((Object[]) reasons);
		assertHoldsNoSecrets(health);
	}

	private void assertHoldsNoSecrets(Health health) {
		assertThat(health.toString()).doesNotContain("jdbc:", this.role, this.database.password());
	}

	/**
	 * Wait for the status, because the timeout is short and a slow machine may exceed it
	 * once.
	 */
	private static void awaitDown(BeanFactory context, String reason) {
		Concurrently.awaitThat(() -> reason.equals(health(context).getDetails().get("reason")));
		assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
	}

	private static Map<String, Object> awaitUp(BeanFactory context) {
		List<Health> seen = new ArrayList<>();
		Concurrently.awaitThat(() -> {
			seen.add(0, health(context));
			return seen.get(0).getStatus().equals(Status.UP);
		});
		return seen.get(0).getDetails();
	}

	private static boolean hasUsage(BeanFactory context, String cache) {
		return usage(context, cache) != null;
	}

	private static @Nullable Map<?, ?> usage(BeanFactory context, String cache) {
		return (health(context).getDetails().get("usage") instanceof Map<?, ?> usage) ? (Map<?, ?>) usage.get(cache)
				: null;
	}

	private static Health health(BeanFactory context) {
		HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
		HealthIndicator indicator = (HealthIndicator) Objects.requireNonNull(registry.getContributor("psqache"));
		return Objects.requireNonNull(indicator.health());
	}

}
