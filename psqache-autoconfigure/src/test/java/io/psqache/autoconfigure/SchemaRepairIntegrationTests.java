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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A schema that is dropped, in whole or in part, while the application runs.
 */
@ExtendWith(OutputCaptureExtension.class)
class SchemaRepairIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "drop schema psqache cascade", "drop table psqache.cache_entry",
			"drop table psqache.cache", "drop table psqache.incarnation", "drop table psqache.bound_eviction",
			"drop table psqache.cache_entry, psqache.figures, psqache.sweeper, psqache.cache" })
	void isMadeAgainWithoutARestart(String drop) {
		TestApplication.on(this.database).run((context) -> {
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			this.database.execute(drop);
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> works(context));
			assertThat(this.database.query("select count(*) from psqache.schema_history where success"))
				.isNotEqualTo("0");
		});
	}

	@Test
	void tableOfLeasesIsMadeAgain() {
		TestApplication.on(this.database)
			.withPropertyValues("psqache.defaults.single-flight=cluster")
			.run((context) -> {
				PostgresCache cache = TestApplication.cache(context, "books");
				this.database.execute("drop table psqache.load");
				AtomicInteger key = new AtomicInteger();
				Concurrently.awaitThat(() -> {
					assertThat(cache.get(key.incrementAndGet(), () -> "loaded")).isEqualTo("loaded");
					return this.database.query("select to_regclass('psqache.load')") != null;
				});
			});
	}

	@Test
	void applicationsThatShareItMakeItAgainOnce() {
		TestApplication.on(this.database).run((one) -> TestApplication.on(this.database).run((another) -> {
			assertThat(works(one) && works(another)).isTrue();
			this.database.execute("drop table psqache.cache_entry");
			Concurrently.run(2, (number) -> {
				BeanFactory context = (number == 0) ? one : another;
				Concurrently.awaitThat(() -> works(context));
				return null;
			});
			assertThat(works(one) && works(another)).isTrue();
		}));
	}

	@Test
	void isOnlyToldOfWherePsqacheMayNotMigrate(CapturedOutput output) {
		TestApplication.on(this.database).run((context) -> {
		});
		TestApplication.on(this.database).withPropertyValues("psqache.migrate=false").run((context) -> {
			assertThat(works(context)).isTrue();
			this.database.execute("drop schema psqache cascade");
			Concurrently.awaitThat(() -> !works(context) && output.getOut().contains("cannot create it again"));
			assertThat(output).contains("psqache.migrate is false");
			assertThat(this.database.query("select to_regnamespace('psqache')")).isNull();
			TestApplication.on(this.database).run((other) -> Concurrently.awaitThat(() -> works(context)));
		});
	}

	private static boolean works(BeanFactory context) {
		return TestApplication.roundTrip(context).equals("yes");
	}

}
