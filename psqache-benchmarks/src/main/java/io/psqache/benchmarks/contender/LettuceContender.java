package io.psqache.benchmarks.contender;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.psqache.benchmarks.server.RedisServer;
import io.psqache.benchmarks.server.ServerProcess;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.Product;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The ceiling of anything on Redis: bytes through Lettuce's one connection, no Spring and
 * no JSON. Values become bytes beforehand, and bytes become values by comparison with
 * those.
 */
final class LettuceContender implements Contender {

	private final ServerProcess server;

	private final RawRedis redis;

	private final RedisCommands<byte[], byte[]> commands;

	private final SetArgs withExpiry = SetArgs.Builder.px(Arena.TIME_TO_LIVE);

	private final List<Product> products;

	private final List<byte[]> bytes;

	LettuceContender(RedisServer server, Dataset dataset) {
		this.server = server.process();
		this.redis = RawRedis.connect(server);
		this.commands = this.redis.connection().sync();
		this.products = IntStream.range(0, dataset.products()).mapToObj(dataset::product).toList();
		this.bytes = this.products.stream().map(JsonMapper.shared()::writeValueAsBytes).toList();
	}

	@Override
	public @Nullable Product get(String key) {
		byte[] found = this.commands.get(key(key));
		if (found == null) {
			return null;
		}
		int id = id(found);
		return Arrays.equals(found, this.bytes.get(id)) ? this.products.get(id) : null;
	}

	/**
	 * The number in <code>{"id":123,</code>.
	 */
	private static int id(byte[] json) {
		int id = 0;
		for (int place = 6; json[place] >= '0' && json[place] <= '9'; place++) {
			id = 10 * id + json[place] - '0';
		}
		return id;
	}

	@Override
	public void put(String key, Product product) {
		this.commands.set(key(key), this.bytes.get(product.id()), this.withExpiry);
	}

	private static byte[] key(String key) {
		return ("lettuce:" + key).getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public ServerProcess server() {
		return this.server;
	}

	@Override
	public void close() {
		this.redis.close();
	}

}
