package io.psqache.benchmarks.contender;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheOperation;
import io.psqache.CacheSettings;
import io.psqache.CacheStatistics;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.benchmarks.server.ServerProcess;
import io.psqache.benchmarks.workload.Product;
import org.jspecify.annotations.Nullable;

/**
 * psqache as an application has it, through Spring's {@code Cache}; only put together by
 * hand, with what its auto-configuration would choose by default.
 */
final class PsqacheContender implements Contender {

	private final HikariDataSource pool;

	private final PostgresCacheManager manager;

	private final PostgresCache cache;

	private final ServerProcess server;

	/**
	 * Make the cache.
	 * @param arena where
	 * @param name of the cache
	 * @param settings what to change of the default settings
	 */
	PsqacheContender(Arena arena, String name, UnaryOperator<CacheSettings> settings) {
		this.pool = Assembly.pool(arena.pool(Assembly.LANES));
		this.server = arena.servers().postgres().process();
		Assembly.migrate(this.pool);
		this.manager = Assembly.manager(this.pool)
			.defaults((defaults) -> settings.apply(defaults.withTimeToLive(Arena.TIME_TO_LIVE)))
			.build();
		if (!(this.manager.getCache(name) instanceof PostgresCache made)) {
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
	 * It fails open: a failed read looks like a miss, and a failed put like any other.
	 */
	@Override
	public long silentFailures() {
		CacheStatistics statistics = this.cache.getStatistics();
		return Stream.of(CacheOperation.values()).mapToLong(statistics::failures).sum();
	}

	@Override
	public ServerProcess server() {
		return this.server;
	}

	@Override
	public void close() {
		this.manager.close();
		this.pool.close();
	}

}
