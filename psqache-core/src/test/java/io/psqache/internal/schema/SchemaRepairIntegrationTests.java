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

package io.psqache.internal.schema;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.psqache.test.Concurrently;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerBuilder;
import io.psqache.SingleFlightScope;
import io.psqache.test.TestDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A schema that is dropped, in whole or in part, while the application runs.
 */
@ExtendWith(OutputCaptureExtension.class)
class SchemaRepairIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@ParameterizedTest
	@ValueSource(strings = { "drop schema psqache cascade", "drop table psqache.cache_entry",
			"drop table psqache.cache", "drop table psqache.incarnation", "drop table psqache.bound_eviction",
			"drop table psqache.cache_entry, psqache.figures, psqache.sweeper, psqache.cache" })
	void isMadeAgainWithoutARestart(String drop) {
		run((manager) -> {
			assertThat(works(manager)).isTrue();
			this.database.execute(drop);
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> works(manager));
			assertThat(this.database.query("select count(*) from psqache.schema_history where success"))
				.isNotEqualTo("0");
		});
	}

	@Test
	void tableOfLeasesIsMadeAgain() {
		run((builder) -> builder.defaults(
				(settings) -> settings.withLoading(settings.loading().withSingleFlight(SingleFlightScope.CLUSTER))),
				(manager) -> {
					PostgresCache cache = TestManagers.cache(manager, "books");
					this.database.execute("drop table psqache.load");
					AtomicInteger key = new AtomicInteger();
					Concurrently.awaitThat(() -> {
						assertThat(cache.get(key.incrementAndGet(), () -> "loaded")).isEqualTo("loaded");
						return this.database.query("select to_regclass('psqache.load')") != null;
					});
				});
	}

	@Test
	void applicationsThatShareItMakeItAgainOnce() throws Exception {
		try (PostgresCacheManager one = TestManagers.start(this.database.dataSource());
				PostgresCacheManager another = TestManagers.start(this.database.dataSource())) {
			assertThat(works(one) && works(another)).isTrue();
			this.database.execute("drop table psqache.cache_entry");
			Concurrently.run(2, (number) -> {
				PostgresCacheManager manager = (number == 0) ? one : another;
				Concurrently.awaitThat(() -> works(manager));
				return null;
			});
			assertThat(works(one) && works(another)).isTrue();
		}
	}

	@Test
	void isOnlyToldOfWherePsqacheMayNotMigrate(CapturedOutput output) {
		run((manager) -> {
		});
		run((builder) -> builder.migrate(false), (manager) -> {
			assertThat(works(manager)).isTrue();
			this.database.execute("drop schema psqache cascade");
			Concurrently.awaitThat(() -> !works(manager) && output.getOut().contains("cannot create it again"));
			assertThat(output).contains("psqache.migrate is false");
			assertThat(this.database.query("select to_regnamespace('psqache')")).isNull();
			run((other) -> Concurrently.awaitThat(() -> works(manager)));
		});
	}

	private static boolean works(PostgresCacheManager manager) {
		return TestManagers.roundTrip(manager).equals("yes");
	}

	private void run(Consumer<PostgresCacheManager> test) {
		run((builder) -> {
		}, test);
	}

	private void run(Consumer<PostgresCacheManagerBuilder> settings, Consumer<PostgresCacheManager> test) {
		try (PostgresCacheManager manager = TestManagers.start(this.database.dataSource(), settings)) {
			test.accept(manager);
		}
	}

}
