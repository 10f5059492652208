package io.psqache.benchmarks.contender;

import com.zaxxer.hikari.HikariDataSource;
import io.github.hunghhdev.pgcache.core.PgCacheStore;
import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * pgcache-core, configured as its documentation shows.
 *
 * @param store the cache
 * @param pool its connections
 * @param server its server
 */
record PgCacheContender(PgCacheStore store, HikariDataSource pool, ServerProcess server) implements Contender {

	static PgCacheContender open(Arena arena) {
		HikariDataSource pool = arena.database().pool(Arena.POOL_SIZE);
		return new PgCacheContender(PgCacheStore.builder().dataSource(pool).autoCreateTable(true).build(), pool,
				arena.postgres());
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
	public void close() {
		this.store.close();
		this.pool.close();
	}

}
