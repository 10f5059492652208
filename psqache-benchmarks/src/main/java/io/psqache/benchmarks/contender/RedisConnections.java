package io.psqache.benchmarks.contender;

import io.lettuce.core.api.StatefulConnection;
import io.psqache.benchmarks.server.RedisServer;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * The two ways in which Spring Data Redis uses Lettuce.
 */
final class RedisConnections {

	private RedisConnections() {
	}

	/**
	 * One connection for all threads, the default.
	 */
	static LettuceConnectionFactory shared(RedisServer server) {
		return new LettuceConnectionFactory(address(server));
	}

	/**
	 * A pool of as many as the other pools have, one connection a thread and call.
	 */
	static LettuceConnectionFactory pooled(RedisServer server) {
		GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
		pool.setMaxTotal(Arena.POOL_SIZE);
		pool.setMaxIdle(Arena.POOL_SIZE);
		LettuceConnectionFactory connections = new LettuceConnectionFactory(address(server),
				LettucePoolingClientConfiguration.builder().poolConfig(pool).build());
		connections.setShareNativeConnection(false);
		return connections;
	}

	private static RedisStandaloneConfiguration address(RedisServer server) {
		return new RedisStandaloneConfiguration("127.0.0.1", server.port());
	}

}
