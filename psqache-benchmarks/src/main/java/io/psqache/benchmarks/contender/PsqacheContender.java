package io.psqache.benchmarks.contender;

import io.psqache.PostgresCache;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * psqache as Spring Boot configures it, called through Spring's {@code Cache}.
 */
final class PsqacheContender implements Contender {

	private final Psqache psqache;

	private final PostgresCache cache;

	private final ServerProcess server;

	PsqacheContender(Arena arena, String storage) {
		this.psqache = Psqache.start(arena.database().url(), "psqache.defaults.storage=" + storage);
		this.cache = this.psqache.cache(storage);
		this.server = arena.postgres();
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
	public long silentFailures() {
		return this.psqache.failures();
	}

	@Override
	public ServerProcess server() {
		return this.server;
	}

	@Override
	public void close() {
		this.psqache.close();
	}

}
