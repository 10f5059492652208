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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.psqache.CacheStartupException;
import io.psqache.test.Concurrently;
import io.psqache.NearSettings;
import io.psqache.NearState;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The near cache in an application: properties, health, metrics, and two application
 * contexts on one database.
 */
class NearCacheIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	private final ApplicationContextRunner near = this.application
		.withPropertyValues("psqache.caches.books.near.enabled=true");

	@Test
	void changeInOneContextInvalidatesOtherContext() {
		this.near.run((one) -> this.near.run((other) -> {
			awaitListening(one);
			awaitListening(other);
			PostgresCache books = TestApplication.cache(one, "books");
			books.put("key", "old");
			PostgresCache same = TestApplication.cache(other, "books");
			Concurrently.awaitThat(() -> "old".equals(same.get("key", String.class)) && same.getNearEntries() == 1);
			books.put("key", "new");
			Concurrently.awaitThat(() -> "new".equals(same.get("key", String.class)));
			MeterRegistry meters = other.getBean(MeterRegistry.class);
			assertThat(meters.get("psqache.near.invalidations").tag("direction", "received").functionCounter().count())
				.isPositive();
			assertThat(meters.get("psqache.near.delay").timer().count()).isPositive();
			assertThat(one.getBean(MeterRegistry.class)
				.get("psqache.near.invalidations")
				.tag("direction", "sent")
				.functionCounter()
				.count()).isPositive();
		}));
	}

	@Test
	void hitsOfNearCacheAreCountedSeparatelyAndAsHits() {
		this.near.run((context) -> {
			awaitListening(context);
			PostgresCache books = TestApplication.cache(context, "books");
			books.put("key", "value");
			books.get("key"); // A read of the database.
			books.get("key");
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(
					meters.get("psqache.near.gets").tags("cache", "books", "result", "hit").functionCounter().count())
				.isEqualTo(1);
			assertThat(meters.get("psqache.near.gets")
				.tags("cache", "books", "result", "bypassed")
				.functionCounter()
				.count()).isZero();
			assertThat(meters.get("cache.gets").tags("cache", "books", "result", "hit").functionCounter().count())
				.isEqualTo(2);
			assertThat(meters.get("psqache.near.size").tag("cache", "books").gauge().value()).isEqualTo(1);
			assertThat(meters.get("psqache.near.listening").gauge().value()).isEqualTo(1);
			Health health = context.getBean("psqacheHealthIndicator", HealthIndicator.class).health();
			assertThat(Objects.requireNonNull(health).getDetails()).containsEntry("nearCache", "listening");
		});
	}

	@Test
	void changeWaitsForStrictNearEntriesOfAPeer() {
		ApplicationContextRunner strict = this.near.withPropertyValues("psqache.caches.books.near.coherence=strict",
				"psqache.near.lease=1s");
		strict.run((one) -> strict.run((other) -> {
			PostgresCache books = TestApplication.cache(one, "books");
			PostgresCache same = TestApplication.cache(other, "books");
			MeterRegistry meters = one.getBean(MeterRegistry.class);
			Concurrently.awaitThat(() -> {
				books.get("absent");
				same.get("absent");
				return leases(one) == 1 && leases(other) == 1;
			});
			books.put("key", "new");
			assertThat(same.get("key", String.class)).isEqualTo("new");
			assertThat(meters.get("psqache.near.suspensions").functionTimer().count()).isPositive();
			assertThat(meters.get("psqache.near.suspensions").functionTimer().totalTime(TimeUnit.NANOSECONDS))
				.isPositive();
			assertThat(meters.find("psqache.near.revocations").functionCounter()).isNotNull();
		}));
	}

	private static double leases(AssertableApplicationContext context) {
		return context.getBean(MeterRegistry.class).get("psqache.near.leases").gauge().value();
	}

	@Test
	void cacheWithoutNearCacheHasNeitherMetersNorThreads() {
		this.application.run((context) -> {
			TestApplication.cache(context, "books").put("key", "value");
			assertThat(context.getBean(MeterRegistry.class).find("psqache.near.gets").meters()).isEmpty();
			assertThat(context.getBean(PostgresCacheManager.class).getStatus().near().status())
				.isEqualTo(NearState.Status.OFF);
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.doesNotContain("psqache-subscriber", "psqache-publisher");
		});
	}

	@Test
	void settingsAreInherited() {
		this.application
			.withPropertyValues("psqache.defaults.near.max-entries=5", "psqache.caches.books.near.enabled=true",
					"psqache.caches.books.near.time-to-live=7s")
			.run((context) -> {
				assertThat(TestApplication.cache(context, "books").getSettings().near())
					.isEqualTo(NearSettings.defaults()
						.withEnabled(true)
						.withMaxEntries(5)
						.withTimeToLive(Duration.ofSeconds(7)));
				assertThat(TestApplication.cache(context, "films").getSettings().near())
					.isEqualTo(NearSettings.defaults().withMaxEntries(5));
			});
	}

	@Test
	void configuredTypeIsShared() {
		this.near.withPropertyValues("psqache.near.immutable-types=java.util.ArrayList").run((context) -> {
			awaitListening(context);
			PostgresCache books = TestApplication.cache(context, "books");
			books.put("key", new ArrayList<>(List.of("a")));
			books.get("key");
			assertThat(books.get("key", Object.class)).isSameAs(books.get("key", Object.class));
		});
	}

	@Test
	void missingTypeIsRefused() {
		this.near.withPropertyValues("psqache.near.immutable-types=com.acme.Nothing")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("psqache.near.immutable-types")
				.hasMessageContaining("com.acme.Nothing"));
	}

	@Test
	void nearCacheWithoutCaffeineFailsAtStartup() {
		this.near.withClassLoader(new FilteredClassLoader("com.github.benmanes.caffeine"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(CacheStartupException.class)
				.hasMessageContaining("psqache.caches.books.near.enabled is true, but Caffeine")
				.hasMessageContaining("com.github.ben-manes.caffeine:caffeine"));
	}

	@Test
	void caffeineIsNotRequiredWithoutNearCache() {
		this.application.withClassLoader(new FilteredClassLoader("com.github.benmanes.caffeine"))
			.run((context) -> assertThat(TestApplication.roundTrip(context)).isEqualTo("yes"));
	}

	private static void awaitListening(BeanFactory context) {
		Concurrently.awaitThat(() -> context.getBean(PostgresCacheManager.class)
			.getStatus()
			.near()
			.status() == NearState.Status.LISTENING);
	}

}
