package io.psqache.benchmarks.stampede;

import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.load.LoadSettings;
import io.psqache.PostgresCacheManager;
import io.psqache.load.SingleFlightScope;
import io.psqache.benchmarks.contender.Assembly;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Caches that let one caller load at a time, whichever process he is in.
 */
enum CacheKind {

	/**
	 * psqache with {@code single-flight: cluster}.
	 */
	PSQACHE("psqache, single-flight: cluster") {

		@Override
		Cache open(String address) {
			return psqache(address, LoadSettings.defaults().withSingleFlight(SingleFlightScope.CLUSTER));
		}

	},

	/**
	 * Spring Data Redis, whose locking writer has one lock for the whole cache.
	 */
	REDIS("RedisCache, locking writer") {

		@Override
		Cache open(String address) {
			LettuceConnectionFactory connections = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration("127.0.0.1", Integer.parseInt(address)));
			connections.afterPropertiesSet();
			connections.start();
			RedisCacheManager manager = RedisCacheManager.builder(RedisCacheWriter.lockingRedisCacheWriter(connections))
				.cacheDefaults(RedisCacheConfiguration.defaultCacheConfig().entryTtl(TIME_TO_LIVE))
				.build();
			return made(manager, NAME);
		}

	};

	private static final String NAME = "stampede";

	private static final Duration TIME_TO_LIVE = Duration.ofHours(1);

	private final String title;

	CacheKind(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

	/**
	 * Open the cache, for as long as the process lives.
	 * @param address the URL of the database, or the port of the Redis
	 */
	abstract Cache open(String address);

	/**
	 * Open psqache.
	 */
	static Cache psqache(String url, LoadSettings loading) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		HikariDataSource pool = Assembly.pool(config);
		PostgresCacheManager manager = Assembly.manager(pool)
			.defaults((settings) -> settings.withTimeToLive(TIME_TO_LIVE).withLoading(loading))
			.build();
		return made(manager, NAME);
	}

	private static Cache made(CacheManager manager, String name) {
		@Nullable Cache cache = manager.getCache(name);
		if (cache == null) {
			throw new IllegalStateException("No cache " + name);
		}
		return cache;
	}

}
