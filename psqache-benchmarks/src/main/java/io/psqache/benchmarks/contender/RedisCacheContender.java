package io.psqache.benchmarks.contender;

import java.util.Objects;

import io.lettuce.core.api.StatefulConnection;
import io.psqache.benchmarks.support.ServerProcess;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/**
 * Spring Data Redis's cache, with its fastest JSON serializer: the one that knows the
 * type. Each put waits for the answer ({@code immediateWrites()}).
 */
final class RedisCacheContender implements Contender {

	private final LettuceConnectionFactory connections;

	private final Cache cache;

	private final ServerProcess server;

	/**
	 * Create the cache.
	 * @param arena the servers
	 * @param pooled whether calls use connections of a pool, or share one connection as
	 * by default
	 */
	RedisCacheContender(Arena arena, boolean pooled) {
		this.server = arena.redis().process();
		RedisStandaloneConfiguration address = new RedisStandaloneConfiguration("127.0.0.1", arena.redis().port());
		this.connections = pooled ? pooled(address) : new LettuceConnectionFactory(address);
		this.connections.afterPropertiesSet();
		this.connections.start();
		RedisCacheConfiguration configuration = RedisCacheConfiguration.defaultCacheConfig()
			.entryTtl(Arena.TIME_TO_LIVE)
			.serializeValuesWith(SerializationPair.fromSerializer(new JacksonJsonRedisSerializer<>(Product.class)));
		RedisCacheManager manager = RedisCacheManager
			.builder(RedisCacheWriter.create(this.connections, (writer) -> writer.immediateWrites()))
			.cacheDefaults(configuration)
			.build();
		this.cache = Objects.requireNonNull(manager.getCache(pooled ? "pooled" : "shared"));
	}

	private static LettuceConnectionFactory pooled(RedisStandaloneConfiguration address) {
		GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
		pool.setMaxTotal(Arena.POOL_SIZE);
		pool.setMaxIdle(Arena.POOL_SIZE);
		LettuceConnectionFactory connections = new LettuceConnectionFactory(address,
				LettucePoolingClientConfiguration.builder().poolConfig(pool).build());
		connections.setShareNativeConnection(false);
		return connections;
	}

	@Override
	public @Nullable Product get(String key) {
		return this.cache.get(key, Product.class);
	}

	@Override
	public void put(String key, Product product) {
		this.cache.put(key, product);
	}

	@Override
	public ServerProcess server() {
		return this.server;
	}

	@Override
	public void close() {
		this.connections.destroy();
	}

}
