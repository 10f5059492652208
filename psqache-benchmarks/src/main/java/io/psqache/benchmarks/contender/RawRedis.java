package io.psqache.benchmarks.contender;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.psqache.benchmarks.server.RedisServer;

/**
 * A connection to Redis with nothing of Spring in between.
 *
 * @param client opened it
 * @param connection the connection
 */
record RawRedis(RedisClient client, StatefulRedisConnection<byte[], byte[]> connection) implements AutoCloseable {

	static RawRedis connect(RedisServer server) {
		RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
		return new RawRedis(client, client.connect(ByteArrayCodec.INSTANCE));
	}

	/**
	 * Have nothing in it.
	 */
	static void flush(RedisServer server) {
		try (RawRedis redis = connect(server)) {
			redis.connection().sync().flushall();
		}
	}

	@Override
	public void close() {
		this.connection.close();
		this.client.shutdown();
	}

}
