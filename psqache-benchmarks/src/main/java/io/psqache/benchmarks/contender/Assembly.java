package io.psqache.benchmarks.contender;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.PostgresCacheManager;
import io.psqache.benchmarks.workload.Product;
import io.psqache.codec.TrustedTypes;
import io.psqache.codec.ValueCodecs;
import io.psqache.store.EntryStore;
import io.psqache.store.SchemaName;
import org.flywaydb.core.Flyway;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Puts psqache together by hand, with what its auto-configuration would choose by
 * default.
 */
public final class Assembly {

	/**
	 * The most connections of the cache's own pool.
	 */
	public static final int LANES = 4;

	private static final SchemaName SCHEMA = new SchemaName("psqache");

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	private Assembly() {
	}

	/**
	 * The cache's own pool.
	 * @param config where to connect to; changed
	 * @return the pool
	 */
	public static HikariDataSource pool(HikariConfig config) {
		config.setMaximumPoolSize(LANES);
		config.setMinimumIdle(0);
		config.setConnectionTimeout(TIMEOUT.toMillis());
		config.setValidationTimeout(TIMEOUT.toMillis());
		config.addDataSourceProperty("ApplicationName", "psqache");
		config.addDataSourceProperty("tcpKeepAlive", "true");
		config.addDataSourceProperty("socketTimeout", String.valueOf(TIMEOUT.toSeconds() + 1));
		config.addDataSourceProperty("connectTimeout", String.valueOf(TIMEOUT.toSeconds() + 1));
		return new HikariDataSource(config);
	}

	/**
	 * Bring the schema to its present version.
	 * @param pool connections to the database
	 */
	public static void migrate(HikariDataSource pool) {
		Flyway.configure()
			.dataSource(pool)
			.locations("classpath:io/psqache/store/migration")
			.placeholders(Map.of("kind", "unlogged"))
			.defaultSchema(SCHEMA.value())
			.schemas(SCHEMA.value())
			.load()
			.migrate();
	}

	/**
	 * A cache manager to be completed.
	 * @param pool connections to a database that has the schema
	 * @return the builder, with a store and a namespace
	 */
	public static PostgresCacheManager.Builder manager(HikariDataSource pool) {
		EntryStore store = new EntryStore(pool, LANES, SCHEMA, TIMEOUT);
		return PostgresCacheManager
			.builder(store, new ValueCodecs(new TrustedTypes(List.of(Product.class.getPackageName())), null))
			.notifications(store
				.notifications(new DriverManagerDataSource(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword())))
			.namespace("benchmark");
	}

}
