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

package io.psqache;

import java.util.List;
import java.util.function.Consumer;

import javax.sql.DataSource;

import io.psqache.internal.connection.DatabaseDescription;
import io.psqache.internal.schema.TestManagers;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The log line of psqache at startup.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupLineIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@Test
	void lineContainsDatabaseAndNamespace(CapturedOutput output) {
		start(this.database.dataSource(), (builder) -> {
		});
		assertThat(line(output))
			.startsWith("psqache caches in database '%s' at %s (PostgreSQL %s".formatted(
					this.database.query("select current_database()"),
					DatabaseDescription.withoutSecrets(this.database.url()),
					this.database.query("show server_version")))
			.endsWith("), schema 'psqache', namespace 'library'; transactions atomic, unlogged");
	}

	@Test
	void lineContainsEnabledFeatures(CapturedOutput output) {
		this.database.execute("create table book (id int primary key)");
		start(this.database.dataSource(),
				(builder) -> builder.unlogged(false)
					.transactions(TransactionMode.AFTER_COMMIT)
					.verifyRoundTrip(true)
					.cache("films", StartupLineIntegrationTests::near)
					.cache("books", StartupLineIntegrationTests::near)
					.watch(List.of(TableWatch.evicting("book", "books", "id"))));
		assertThat(line(output)).endsWith("; transactions after-commit, logged, "
				+ "verify-round-trip, near caches [books, films], watched tables [book]");
	}

	@Test
	void lineContainsNoSecrets(CapturedOutput output) {
		String role = this.database.createRole();
		this.database.execute("create schema psqache authorization " + role);
		start(new DriverManagerDataSource(this.database.url() + "?user=" + role + "&password="
				+ this.database.password() + "&options=-c%20secret.word=hidden"), (builder) -> {
				});
		assertThat(line(output)).doesNotContain("hidden", "password", role);
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:postgresql://host:5432/shop?password=secret, jdbc:postgresql://host:5432/shop",
			"jdbc:postgresql://me:secret@host/shop, jdbc:postgresql://host/shop",
			"jdbc:postgresql:shop, jdbc:postgresql:shop",
			"'jdbc:postgresql://a:1,b:2/shop?user=me', 'jdbc:postgresql://a:1,b:2/shop'" })
	void urlIsShownWithoutSecrets(String url, String shown) {
		assertThat(DatabaseDescription.withoutSecrets(url)).isEqualTo(shown);
	}

	private static CacheSettings near(CacheSettings settings) {
		return settings.withNear(settings.near().withEnabled(true));
	}

	private static void start(DataSource application, Consumer<PostgresCacheManagerBuilder> settings) {
		TestManagers.start(application, settings.andThen((builder) -> builder.namespace("library"))).close();
	}

	private static String line(CapturedOutput output) {
		List<String> lines = output.getOut().lines().filter((line) -> line.contains("psqache caches in")).toList();
		assertThat(lines).hasSize(1);
		return lines.get(0).substring(lines.get(0).indexOf("psqache caches in"));
	}

}
