package io.psqache.benchmarks.contender;

import java.util.concurrent.TimeUnit;

import io.psqache.benchmarks.server.RedisServer;
import io.psqache.benchmarks.server.ServerProcess;
import io.psqache.benchmarks.workload.Product;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/**
 * What an application would use instead: Spring Data Redis's cache, with the quickest of
 * its JSON serializers, the one that knows the type.
 */
final class RedisCacheContender implements Contender {

	private static final long PATIENCE_SECONDS = 120;

	private final LettuceConnectionFactory connections;

	private final boolean immediateWrites;

	private final Cache cache;

	private final ServerProcess server;

	/**
	 * Make the cache.
	 * @param server the Redis
	 * @param name of the cache, which its keys begin with
	 * @param connections how to reach the Redis, not yet started; closed with this
	 * @param immediateWrites whether a put waits for the answer, which it does not by
	 * default
	 */
	RedisCacheContender(RedisServer server, String name, LettuceConnectionFactory connections,
			boolean immediateWrites) {
		this.server = server.process();
		this.connections = connections;
		this.immediateWrites = immediateWrites;
		connections.afterPropertiesSet();
		connections.start();
		RedisCacheConfiguration configuration = RedisCacheConfiguration.defaultCacheConfig()
			.entryTtl(Arena.TIME_TO_LIVE)
			.serializeValuesWith(SerializationPair.fromSerializer(new JacksonJsonRedisSerializer<>(Product.class)));
		RedisCacheManager manager = RedisCacheManager
			.builder(RedisCacheWriter.create(connections, (writer) -> writer.immediateWrites(immediateWrites)))
			.cacheDefaults(configuration)
			.build();
		Cache made = manager.getCache(name);
		if (made == null) {
			throw new IllegalStateException("No cache " + name);
		}
		this.cache = made;
	}

	@Override
	public @Nullable Product get(String key) {
		return this.cache.get(key, Product.class);
	}

	@Override
	public void put(String key, Product product) {
		this.cache.put(key, product);
	}

	/**
	 * Puts that nobody waits for go out on the connection that {@code retrieve} uses too,
	 * and Redis answers a connection's commands in their order: when this one is
	 * answered, so were they. {@code get} uses another connection.
	 */
	@Override
	public void awaitApplied() throws Exception {
		if (!this.immediateWrites) {
			var answer = this.cache.retrieve("fence");
			if (answer != null) {
				answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
			}
		}
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
