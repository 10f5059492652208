package io.psqache.benchmarks.contender;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.CacheOperation;
import io.psqache.CacheSettings;
import io.psqache.CacheStatistics;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.benchmarks.server.ServerProcess;
import io.psqache.benchmarks.workload.Product;
import io.psqache.codec.TrustedTypes;
import io.psqache.codec.ValueCodecs;
import io.psqache.store.EntryStore;
import io.psqache.store.SchemaName;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * psqache as an application has it, through Spring's {@code Cache}; only put together by
 * hand, with what its auto-configuration would choose by default.
 */
final class PsqacheContender implements Contender {

	private static final SchemaName SCHEMA = new SchemaName("psqache");

	private static final int LANES = 4;

	private static final Duration TIMEOUT = Duration.ofMillis(500);

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
		this.pool = new HikariDataSource(config(arena));
		this.server = arena.servers().postgres().process();
		migrate();
		this.manager = PostgresCacheManager
			.builder(new EntryStore(this.pool, LANES, SCHEMA, TIMEOUT),
					new ValueCodecs(new TrustedTypes(List.of(Product.class.getPackageName())), null))
			.namespace("benchmark")
			.defaults((defaults) -> settings.apply(defaults.withTimeToLive(Arena.TIME_TO_LIVE)))
			.build();
		if (!(this.manager.getCache(name) instanceof PostgresCache made)) {
			throw new IllegalStateException("No cache " + name);
		}
		this.cache = made;
	}

	private static HikariConfig config(Arena arena) {
		HikariConfig config = arena.pool(LANES);
		config.setMinimumIdle(1);
		config.setConnectionTimeout(TIMEOUT.toMillis());
		config.setValidationTimeout(TIMEOUT.toMillis());
		config.addDataSourceProperty("ApplicationName", "psqache");
		config.addDataSourceProperty("tcpKeepAlive", "true");
		config.addDataSourceProperty("socketTimeout", String.valueOf(TIMEOUT.toSeconds() + 1));
		config.addDataSourceProperty("connectTimeout", String.valueOf(TIMEOUT.toSeconds() + 1));
		return config;
	}

	private void migrate() {
		Flyway.configure()
			.dataSource(this.pool)
			.locations("classpath:io/psqache/store/migration")
			.placeholders(Map.of("kind", "unlogged"))
			.defaultSchema(SCHEMA.value())
			.schemas(SCHEMA.value())
			.load()
			.migrate();
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
