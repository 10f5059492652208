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
import java.time.Instant;
import java.util.List;

import io.psqache.CacheSettings;
import io.psqache.LoadSettings;
import io.psqache.NearCoherence;
import io.psqache.NearSettings;
import io.psqache.PostgresCacheManager;
import io.psqache.PostgresCacheManagerBuilderCustomizer;
import io.psqache.SingleFlightScope;
import io.psqache.Storage;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;

import static io.psqache.test.Concurrently.awaitThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The settings of caches by properties and by customizers.
 */
@ExtendWith(OutputCaptureExtension.class)
class CachePropertiesIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(database);

	@BeforeEach
	void dropSchema() {
		database.execute("drop schema if exists psqache cascade");
	}

	@AfterAll
	static void dropDatabase() {
		database.close();
	}

	@Test
	void defaultsAreUsed() {
		this.application.run((context) -> assertThat(TestApplication.cache(context, "any").getSettings())
			.isEqualTo(CacheSettings.defaults()));
	}

	@Test
	void everySettingCanBeSetForAllCaches() {
		this.application
			.withPropertyValues("psqache.defaults.time-to-live=1h", "psqache.defaults.time-to-idle=10m",
					"psqache.defaults.jitter=0.25", "psqache.defaults.cache-null-values=false",
					"psqache.defaults.storage=binary", "psqache.defaults.max-entries=5000000000",
					"psqache.defaults.max-size=3GB", "psqache.defaults.type=java.time.Instant[]",
					"psqache.defaults.near.enabled=true", "psqache.defaults.near.coherence=strict",
					"psqache.defaults.near.max-entries=7", "psqache.defaults.near.max-size=1MB",
					"psqache.defaults.near.time-to-live=3s", "psqache.defaults.single-flight=cluster",
					"psqache.defaults.fresh-for=5m", "psqache.defaults.refresh-ahead=1.5",
					"psqache.defaults.stale-if-error=2h", "psqache.defaults.load-timeout.soft=1s",
					"psqache.defaults.load-timeout.hard=10s")
			.run((context) -> assertThat(TestApplication.cache(context, "any").getSettings())
				.isEqualTo(CacheSettings.defaults()
					.withTimeToLive(Duration.ofHours(1))
					.withTimeToIdle(Duration.ofMinutes(10))
					.withJitter(0.25)
					.withCacheNullValues(false)
					.withStorage(Storage.BINARY)
					.withMaxEntries(5_000_000_000L)
					.withMaxSize(DataSize.ofGigabytes(3))
					.withType(Instant[].class)
					.withNear(NearSettings.defaults()
						.withEnabled(true)
						.withCoherence(NearCoherence.STRICT)
						.withMaxEntries(7)
						.withMaxSize(DataSize.ofMegabytes(1))
						.withTimeToLive(Duration.ofSeconds(3)))
					.withLoading(LoadSettings.defaults()
						.withSingleFlight(SingleFlightScope.CLUSTER)
						.withFreshFor(Duration.ofMinutes(5))
						.withRefreshAhead(1.5)
						.withStaleIfError(Duration.ofHours(2))
						.withSoftTimeout(Duration.ofSeconds(1))
						.withHardTimeout(Duration.ofSeconds(10)))));
	}

	@Test
	void everySettingCanBeSetForOneCache() {
		this.application
			.withPropertyValues("psqache.caches.books.time-to-live=0", "psqache.caches.books.time-to-idle=1d",
					"psqache.caches.books.jitter=0.5", "psqache.caches.books.cache-null-values=false",
					"psqache.caches.books.storage=binary", "psqache.caches.books.max-entries=1",
					"psqache.caches.books.max-size=1", "psqache.caches.books.type=java.util.List<java.time.Instant>",
					"psqache.caches.books.near.enabled=true", "psqache.caches.books.near.max-size=0",
					"psqache.caches.books.single-flight=none")
			.run((context) -> {
				assertThat(TestApplication.cache(context, "books").getSettings()).isEqualTo(CacheSettings.defaults()
					.withTimeToLive(Duration.ZERO)
					.withTimeToIdle(Duration.ofDays(1))
					.withJitter(0.5)
					.withCacheNullValues(false)
					.withStorage(Storage.BINARY)
					.withMaxEntries(1L)
					.withMaxSize(DataSize.ofBytes(1))
					.withType(ResolvableType.forClassWithGenerics(List.class, Instant.class).getType())
					.withNear(NearSettings.defaults().withEnabled(true))
					.withLoading(LoadSettings.defaults().withSingleFlight(SingleFlightScope.NONE)));
				assertThat(TestApplication.cache(context, "others").getSettings()).isEqualTo(CacheSettings.defaults());
			});
	}

	@Test
	void cacheInheritsDefaults() {
		this.application
			.withPropertyValues("psqache.defaults.time-to-live=1h", "psqache.defaults.jitter=0.1",
					"psqache.caches.books.jitter=0")
			.run((context) -> {
				CacheSettings books = TestApplication.cache(context, "books").getSettings();
				assertThat(books.timeToLive()).isEqualTo(Duration.ofHours(1));
				assertThat(books.jitter()).isZero();
			});
	}

	@Test
	void cacheCanDisableTimeToIdle() {
		this.application.withPropertyValues("psqache.defaults.time-to-idle=1h", "psqache.caches.books.time-to-idle=0")
			.run((context) -> {
				assertThat(TestApplication.cache(context, "books").getSettings().timeToIdle()).isNull();
				assertThat(TestApplication.cache(context, "others").getSettings().timeToIdle())
					.isEqualTo(Duration.ofHours(1));
			});
	}

	@Test
	void cacheCanDisableBounds() {
		this.application
			.withPropertyValues("psqache.defaults.max-entries=100", "psqache.defaults.max-size=10MB",
					"psqache.caches.books.max-entries=0", "psqache.caches.films.max-size=0")
			.run((context) -> {
				CacheSettings books = TestApplication.cache(context, "books").getSettings();
				assertThat(books.maxEntries()).isNull();
				assertThat(books.maxSize()).isEqualTo(DataSize.ofMegabytes(10));
				CacheSettings films = TestApplication.cache(context, "films").getSettings();
				assertThat(films.maxEntries()).isEqualTo(100);
				assertThat(films.maxSize()).isNull();
			});
	}

	@Test
	void nameOfCacheMayHaveDotsInBrackets() {
		this.application.withPropertyValues("psqache.caches[com.acme.Books].time-to-live=5s")
			.run((context) -> assertThat(TestApplication.cache(context, "com.acme.Books").getSettings().timeToLive())
				.isEqualTo(Duration.ofSeconds(5)));
	}

	@Test
	void cachesWithSettingsAreCreatedAtStartup() {
		this.application.withPropertyValues("psqache.caches.books.jitter=0")
			.run((context) -> assertThat(context.getBean(CacheManager.class).getCacheNames()).containsExactly("books"));
	}

	/**
	 * Each step renews the lease. The 1,000 entries use about 250 pages.
	 */
	@Test
	void stepOfSweeperScansConfiguredPages() {
		int[] renewals = new int[1];
		this.application.run((context) -> {
			TestApplication.cache(context, "books").put(0, "makes the cache known");
			TestApplication.awaitSweeperAtRest();
			database.execute(
					"""
							insert into psqache.cache_entry
							  (cache_id, key_hash, key, epoch, payload, type, written_at, used_at, expires_at)
							select id, psqache.key_hash(n::text), n::text, epoch, convert_to(repeat(md5(n::text), 50), 'UTF8'), 'x',
							  now(), now(), 'infinity'
							from psqache.cache, generate_series(1, 1000) as n
							""");
		});
		this.application.withPropertyValues("psqache.sweep.pages=70").run((context) -> {
			renewals[0] = leaseRenewals();
			awaitThat(() -> "1001".equals(database.query("select entries from psqache.figures where entries > 1")));
			TestApplication.awaitSweeperAtRest();
		});
		int before = renewals[0];
		awaitThat(() -> leaseRenewals() >= before + 4);
	}

	/**
	 * The statistics are updated when the sessions end.
	 */
	private static int leaseRenewals() {
		return Integer.parseInt(String.valueOf(
				database.query("select n_tup_upd from pg_stat_user_tables where relid = 'psqache.sweeper'::regclass")));
	}

	@Test
	void cacheNamesAreFixed() {
		this.application.withPropertyValues("spring.cache.cache-names=books,films", "psqache.caches.films.jitter=0.5")
			.run((context) -> {
				CacheManager manager = context.getBean(CacheManager.class);
				assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("books", "films");
				assertThat(manager.getCache("unknown")).isNull();
				assertThat(manager.getCacheNames()).hasSize(2);
				assertThat(TestApplication.cache(context, "films").getSettings().jitter()).isEqualTo(0.5);
			});
	}

	@Test
	void settingsOfCacheOutsideFixedNamesAreRefused(CapturedOutput output) {
		StartupReport report = StartupReport.of(output, TestApplication.class, TestApplication.properties(database,
				"spring.cache.cache-names=books,films", "psqache.caches.boks.time-to-live=1h"));
		assertThat(report.description()).startsWith("Invalid value 'boks' for configuration property 'psqache.caches'.")
			.endsWith("spring.cache.cache-names does not contain it. It must be one of [books, films].");
	}

	@Test
	void namespaceIsNameOfTheApplication() {
		this.application.withPropertyValues("spring.application.name=library").run((context) -> {
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
			assertThat(database.query("select namespace from psqache.cache")).isEqualTo("library");
		});
	}

	@Test
	void namespaceCanBeSet() {
		this.application.withPropertyValues("spring.application.name=library", "psqache.namespace=shared")
			.run((context) -> {
				assertThat(context.getBean(PostgresCacheManager.class).getNamespace()).isEqualTo("shared");
				assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
				assertThat(database.query("select namespace from psqache.cache")).isEqualTo("shared");
			});
	}

	@Test
	void namespaceOfNamelessApplicationIsEmpty() {
		this.application
			.run((context) -> assertThat(context.getBean(PostgresCacheManager.class).getNamespace()).isEmpty());
	}

	@Test
	void applicationsWithDifferentNamesDoNotShareEntries() {
		ApplicationContextRunner library = this.application.withPropertyValues("spring.application.name=library");
		ApplicationContextRunner cinema = this.application.withPropertyValues("spring.application.name=cinema");
		library.run((first) -> cinema.run((second) -> {
			TestApplication.cache(first, "titles").put(1, "Book");
			assertThat(TestApplication.cache(second, "titles").get(1)).isNull();
		}));
		library
			.run((again) -> assertThat(TestApplication.cache(again, "titles").get(1, String.class)).isEqualTo("Book"));
	}

	@Test
	void customizersOfTheBuilderAreAppliedInOrderAfterTheProperties() {
		this.application.withUserConfiguration(BuilderCustomizers.class)
			.withPropertyValues("psqache.defaults.time-to-live=1h", "psqache.caches.books.time-to-live=2h")
			.run((context) -> {
				assertThat(TestApplication.cache(context, "books").getSettings().timeToLive())
					.isEqualTo(Duration.ofHours(4).plusMinutes(6));
				assertThat(context.getBean(PostgresCacheManager.class).getNamespace()).isEqualTo("second");
			});
	}

	@Test
	void customizersOfSpringBootAreAppliedToTheManager() {
		this.application.withUserConfiguration(ManagerCustomizers.class)
			.run((context) -> assertThat(context.getBean(CacheManager.class).getCacheNames())
				.containsExactlyInAnyOrder("by-type", "by-interface"));
	}

	@Configuration(proxyBeanMethods = false)
	static class BuilderCustomizers {

		@Bean
		@Order(2)
		PostgresCacheManagerBuilderCustomizer second() {
			return (builder) -> builder.namespace("second")
				.cache("books", (settings) -> settings.withTimeToLive(settings.timeToLive().multipliedBy(2)));
		}

		@Bean
		@Order(1)
		PostgresCacheManagerBuilderCustomizer first() {
			return (builder) -> builder.namespace("first")
				.cache("books", (settings) -> settings.withTimeToLive(settings.timeToLive().plusMinutes(3)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ManagerCustomizers {

		@Bean
		CacheManagerCustomizer<PostgresCacheManager> byType() {
			return (manager) -> manager.getCache("by-type");
		}

		@Bean
		CacheManagerCustomizer<CacheManager> byInterface() {
			return (manager) -> manager.getCache("by-interface");
		}

		@Bean
		CacheManagerCustomizer<ConcurrentMapCacheManager> ofAnotherManager() {
			return (manager) -> manager.getCache("another");
		}

	}

}
