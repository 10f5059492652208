package io.psqache.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.psqache.PostgresCache;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The meters of the caches, known at startup or not.
 */
class MetricsIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final ApplicationContextRunner application = TestApplication.on(this.database);

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "psqache.caches.books.time-to-live=1h", "spring.cache.cache-names=books",
			"psqache.caches.others.time-to-live=1h" })
	void everyCacheIsCounted(String property) {
		this.application.withPropertyValues(property).run((context) -> {
			use(TestApplication.cache(context, "books"));
			assertThat(count(context, "cache.gets", "result", "hit")).isEqualTo(2);
			assertThat(count(context, "cache.gets", "result", "miss")).isEqualTo(3);
			assertThat(count(context, "cache.puts")).isEqualTo(4);
			assertThat(count(context, "cache.evictions")).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "psqache.caches.books.time-to-live=1h", "spring.cache.cache-names=books" })
	void cacheKnownAtStartupHasItsMetersFromTheStart(String property) {
		this.application.withPropertyValues(property)
			.run((context) -> assertThat(count(context, "cache.gets", "result", "hit")).isZero());
	}

	@Test
	void meterIsBoundOnce() {
		this.application.withPropertyValues("psqache.caches.books.time-to-live=1h").run((context) -> {
			TestApplication.cache(context, "books");
			TestApplication.cache(context, "films");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("cache.puts").tag("cache", "books").functionCounters()).hasSize(1);
			assertThat(registry.get("cache.puts").tag("cache", "films").functionCounters()).hasSize(1);
		});
	}

	@Test
	void metersCarryTheSameTagsHoweverTheCacheWasMade() {
		this.application.withPropertyValues("psqache.caches.books.time-to-live=1h").run((context) -> {
			TestApplication.cache(context, "films");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("cache.puts").functionCounters()).hasSize(2)
				.allSatisfy((meter) -> assertThat(meter.getId().getTags()).extracting("key")
					.containsExactlyInAnyOrder("cache", "name", "cache.manager"))
				.extracting((meter) -> meter.getId().getTag("cache.manager"))
				.containsOnly("cacheManager");
		});
	}

	@Test
	void failuresAreCountedByOperation() {
		new ApplicationContextRunner().withUserConfiguration(TestApplication.class)
			.withPropertyValues(TestApplication.properties(this.database.relayedUrl(), this.database.username(),
					this.database.password(), "psqache.timeout=300ms", "psqache.caches.books.time-to-live=1h"))
			.run((context) -> {
				PostgresCache cache = TestApplication.cache(context, "books");
				this.database.relay().cut();
				assertThat(cache.get(1)).isNull();
				assertThat(cache.get(2)).isNull();
				cache.put(1, "lost");
				assertThatException().isThrownBy(() -> cache.evict(1));
				assertThatException().isThrownBy(cache::clear);
				assertThatException().isThrownBy(cache::clear);
				assertThat(count(context, "psqache.failures", "operation", "get")).isEqualTo(2);
				assertThat(count(context, "psqache.failures", "operation", "put")).isEqualTo(1);
				assertThat(count(context, "psqache.failures", "operation", "evict")).isEqualTo(1);
				assertThat(count(context, "psqache.failures", "operation", "clear")).isEqualTo(2);
				assertThat(count(context, "cache.gets", "result", "miss")).isEqualTo(2);
				assertThat(count(context, "cache.puts")).isZero();
			});
	}

	@Test
	void cacheWorksWithoutRegistry() {
		this.application.withPropertyValues("management.simple.metrics.export.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(SimpleMeterRegistry.class);
			assertThat(TestApplication.roundTrip(context)).isEqualTo("yes");
		});
	}

	/**
	 * Two hits, three misses, four puts, one eviction.
	 */
	private static void use(PostgresCache cache) {
		assertThat(cache.get("a")).isNull();
		cache.put("a", 1);
		cache.put("b", 2);
		cache.put("b", 3);
		assertThat(cache.get("a")).isNotNull();
		assertThat(cache.get("b")).isNotNull();
		cache.evict("a");
		assertThat(cache.get("a")).isNull();
		assertThat(cache.get("c", () -> 4)).isEqualTo(4);
	}

	private static double count(BeanFactory context, String meter, String... tags) {
		RequiredSearch search = context.getBean(MeterRegistry.class)
			.get(meter)
			.tags("cache", "books", "cache.manager", "cacheManager")
			.tags(tags);
		return search.functionCounter().count();
	}

}
