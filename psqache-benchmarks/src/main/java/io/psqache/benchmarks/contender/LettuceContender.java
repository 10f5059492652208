package io.psqache.benchmarks.contender;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bytes through Lettuce's connection, without Spring. Values are encoded and decoded once
 * and then looked up by the id in their first bytes, so no JSON is measured.
 */
final class LettuceContender implements Contender {

	/**
	 * The length of <code>{"id":</code>, which the id follows.
	 */
	private static final int ID_OFFSET = 6;

	private final Map<Integer, byte[]> encoded = new ConcurrentHashMap<>();

	private final Map<Integer, Product> decoded = new ConcurrentHashMap<>();

	private final RedisClient client;

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final SetArgs withExpiry = SetArgs.Builder.ex(Arena.TIME_TO_LIVE);

	private final ServerProcess server;

	LettuceContender(Arena arena) {
		this.server = arena.redis().process();
		this.client = RedisClient.create(RedisURI.create("127.0.0.1", arena.redis().port()));
		this.connection = this.client.connect(ByteArrayCodec.INSTANCE);
	}

	@Override
	public @Nullable Product get(String key) {
		byte[] found = this.connection.sync().get(key.getBytes(StandardCharsets.UTF_8));
		return (found != null)
				? this.decoded.computeIfAbsent(id(found), (id) -> JsonMapper.shared().readValue(found, Product.class))
				: null;
	}

	private static int id(byte[] json) {
		int id = 0;
		for (int place = ID_OFFSET; json[place] >= '0' && json[place] <= '9'; place++) {
			id = 10 * id + json[place] - '0';
		}
		return id;
	}

	@Override
	public void put(String key, Product product) {
		byte[] value = this.encoded.computeIfAbsent(product.id(),
				(id) -> JsonMapper.shared().writeValueAsBytes(product));
		this.connection.sync().set(key.getBytes(StandardCharsets.UTF_8), value, this.withExpiry);
	}

	@Override
	public ServerProcess server() {
		return this.server;
	}

	@Override
	public void close() {
		this.connection.close();
		this.client.shutdown();
	}

}
