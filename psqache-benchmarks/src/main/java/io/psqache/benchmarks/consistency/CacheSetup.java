package io.psqache.benchmarks.consistency;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

import io.psqache.benchmarks.server.RedisServer;

import org.springframework.data.redis.cache.RedisCacheManager.RedisCacheManagerBuilder;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * What the application may have for its cache: what Spring Boot makes of a few
 * properties, and for Spring Data Redis of what an application can ask its builder for.
 */
public enum CacheSetup {

	/**
	 * Shows that the load and its judge bring forth no stale reads themselves.
	 */
	NO_CACHE("no cache", "spring.cache.type=none"),

	/**
	 * psqache as it is by default, in the application's database.
	 */
	PSQACHE("psqache, `transactions: atomic`", "psqache.transactions=atomic"),

	/**
	 * The same with copies in each instance.
	 */
	PSQACHE_NEAR("psqache, `atomic`, near caches", "psqache.transactions=atomic",
			"psqache.caches.items.near.enabled=true"),

	/**
	 * psqache as it is where it has a database of its own.
	 */
	PSQACHE_AFTER_COMMIT("psqache, `transactions: after-commit`", "psqache.transactions=after-commit"),

	/**
	 * psqache with triggers that evict what is changed by SQL.
	 */
	PSQACHE_WATCH("psqache, `atomic`, the table watched", "psqache.transactions=atomic", "psqache.watch[0].table=item",
			"psqache.watch[0].cache=items", "psqache.watch[0].key=id"),

	/**
	 * What Spring Boot makes where nobody asks for more.
	 */
	REDIS("Redis, as Spring Boot makes it", "spring.cache.type=redis"),

	/**
	 * What Spring Data Redis has for those who have transactions.
	 */
	REDIS_TRANSACTIONAL("Redis, `transactionAware()`", "spring.cache.type=redis") {
		@Override
		void choose(RedisCacheManagerBuilder builder, RedisConnectionFactory connections) {
			builder.transactionAware();
		}
	},

	/**
	 * An eviction returns when Redis has done it.
	 */
	REDIS_IMMEDIATE("Redis, `transactionAware()`, `immediateWrites()`", "spring.cache.type=redis") {
		@Override
		void choose(RedisCacheManagerBuilder builder, RedisConnectionFactory connections) {
			builder.transactionAware()
				.cacheWriter(RedisCacheWriter.create(connections, (writer) -> writer.immediateWrites()));
		}
	},

	/**
	 * With the lock of a whole cache that some calls take. Whoever finds it taken sleeps
	 * for 50 ms by default, which only makes the run longer.
	 */
	REDIS_LOCKING("Redis, `transactionAware()`, `immediateWrites()`, locking", "spring.cache.type=redis") {
		@Override
		void choose(RedisCacheManagerBuilder builder, RedisConnectionFactory connections) {
			builder.transactionAware()
				.cacheWriter(RedisCacheWriter.create(connections, (writer) -> writer.immediateWrites()
					.enableLocking((locking) -> locking.sleepTime(LOCK_SLEEP_TIME))));
		}
	};

	private static final Duration LOCK_SLEEP_TIME = Duration.ofMillis(1);

	private final String description;

	private final String lines;

	CacheSetup(String description, String... properties) {
		this.description = description;
		this.lines = String.join("\n", properties);
	}

	String description() {
		return this.description;
	}

	/**
	 * What makes Spring Boot give the application this cache.
	 * @param redis where Redis is
	 * @return properties, each with its value
	 */
	Stream<String> properties(RedisServer redis) {
		return Stream.concat(this.lines.lines(),
				Stream.of("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port()));
	}

	/**
	 * Ask the builder of the cache manager for more.
	 * @param builder what Spring Boot has begun
	 * @param connections how the cache reaches Redis
	 */
	void choose(RedisCacheManagerBuilder builder, RedisConnectionFactory connections) {
	}

	/**
	 * The setup of a name.
	 * @param name the name, as {@link #toString()} gives it
	 * @return the setup
	 */
	public static CacheSetup parse(String name) {
		return Stream.of(values())
			.filter((setup) -> setup.toString().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"There is no cache '" + name + "'. There are " + Stream.of(values()).toList() + "."));
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
