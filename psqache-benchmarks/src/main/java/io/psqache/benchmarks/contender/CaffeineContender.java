package io.psqache.benchmarks.contender;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * Objects in the heap of one process. At its speed the benchmark itself is a large part
 * of what is measured.
 */
final class CaffeineContender implements Contender {

	private final Cache<String, Product> cache = Caffeine.newBuilder().expireAfterWrite(Arena.TIME_TO_LIVE).build();

	@Override
	public @Nullable Product get(String key) {
		return this.cache.getIfPresent(key);
	}

	@Override
	public void put(String key, Product product) {
		this.cache.put(key, product);
	}

	@Override
	public ServerProcess server() {
		return ServerProcess.NONE;
	}

	@Override
	public void close() {
		this.cache.invalidateAll();
	}

}
