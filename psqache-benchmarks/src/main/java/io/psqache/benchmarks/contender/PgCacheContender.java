package io.psqache.benchmarks.contender;

import com.zaxxer.hikari.HikariDataSource;
import io.github.hunghhdev.pgcache.core.PgCacheStore;
import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * pgcache-core, configured as its documentation shows.
 */
final class PgCacheContender implements Contender {

	private final HikariDataSource pool;

	private final PgCacheStore store;

	private final ServerProcess server;

	PgCacheContender(Arena arena) {
		this.pool = arena.database().pool(Arena.POOL_SIZE);
		this.store = PgCacheStore.builder().dataSource(this.pool).autoCreateTable(true).build();
		this.server = arena.postgres();
	}

	@Override
	public @Nullable Product get(String key) {
		return this.store.get(key, Product.class).orElse(null);
	}

	@Override
	public void put(String key, Product product) {
		this.store.put(key, product, Arena.TIME_TO_LIVE);
	}

	@Override
	public ServerProcess server() {
		return this.server;
	}

	@Override
	public void close() {
		this.store.close();
		this.pool.close();
	}

}
