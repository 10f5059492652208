/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.SchemaName;
import io.psqache.internal.store.SchemaRepair;
import io.psqache.internal.transaction.Transactions;
import io.psqache.test.Concurrently;
import io.psqache.test.FaultyServer;
import io.psqache.test.TestDatabase;
import io.psqache.test.TestStores;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A cache manager on a {@link TestDatabase}, without Spring Boot.
 */
public final class TestCaches implements AutoCloseable {

	public static final SchemaName SCHEMA = new SchemaName("psqache");

	public static final int WORKERS = 4;

	/**
	 * The length of the leases of strict near caches.
	 */
	public static final Duration STRICT_LEASE = Duration.ofMillis(500);

	private final HikariDataSource pool;

	private final PostgresCacheManager manager;

	private TestCaches(String url, TestDatabase database, Duration timeout,
			Consumer<PostgresCacheManagerBuilder> customizer) {
		this(url, url, database, timeout, customizer);
	}

	private TestCaches(String url, String listeningUrl, TestDatabase database, Duration timeout,
			Consumer<PostgresCacheManagerBuilder> customizer) {
		this(pool(url, database), unpooled(listeningUrl, database), timeout, SchemaRepair.NONE, Transactions.none(),
				customizer);
	}

	private TestCaches(HikariDataSource pool, DataSource unpooled, Duration timeout, SchemaRepair schemaRepair,
			Transactions transactions, Consumer<PostgresCacheManagerBuilder> customizer) {
		this.pool = pool;
		EntryStore store = new EntryStore(pool, WORKERS, SCHEMA, timeout, TestStores.FENCE_LIFE, CacheMonitor.NONE,
				schemaRepair);
		this.manager = manager(store, unpooled, transactions, "test", (builder) -> {
			customizer.accept(builder);
			return builder;
		});
	}

	/**
	 * Create a manager with a timeout that no healthy database exceeds.
	 */
	public static TestCaches on(TestDatabase database, UnaryOperator<CacheSettings> defaults) {
		Duration timeout = Duration.ofSeconds(20);
		return new TestCaches(pool(database.url(), database, timeout), unpooled(database.url(), database), timeout,
				SchemaRepair.NONE, Transactions.none(), (builder) -> builder.defaults(defaults));
	}

	/**
	 * Create a manager that sweeps in the background, a few pages at a time.
	 */
	public static TestCaches sweeping(TestDatabase database, UnaryOperator<CacheSettings> defaults, int pages) {
		return sweeping(database, defaults, Duration.ofMillis(20), pages);
	}

	public static TestCaches sweeping(TestDatabase database, UnaryOperator<CacheSettings> defaults, Duration interval,
			int pages) {
		return new TestCaches(database.url(), database, Duration.ofSeconds(20),
				(builder) -> builder.defaults(defaults).sweep(interval, pages));
	}

	/**
	 * Create a manager on a server that may fail. The manager sweeps, and creates a
	 * missing schema.
	 */
	public static TestCaches on(String url, FaultyServer server, Duration timeout) {
		HikariDataSource pool = pool(url, server.username(), server.password(), timeout);
		return new TestCaches(pool, server.dataSource(), timeout, () -> migrate(server.dataSource()),
				Transactions.none(), (builder) -> builder.sweep(Duration.ofMillis(200), 1_000));
	}

	/**
	 * Create a manager behind the relay of the database, with a short timeout.
	 */
	public static TestCaches behindRelay(TestDatabase database, Duration timeout) {
		return behindRelay(database, timeout, UnaryOperator.identity());
	}

	public static TestCaches behindRelay(TestDatabase database, Duration timeout, UnaryOperator<CacheSettings> defaults,
			Consumer<PostgresCacheManagerBuilder> customizer) {
		return new TestCaches(database.relayedUrl(), database, timeout,
				customizer.andThen((builder) -> builder.defaults(defaults)));
	}

	public static TestCaches behindRelay(TestDatabase database, Duration timeout, UnaryOperator<CacheSettings> defaults,
			Transactions transactions) {
		return new TestCaches(pool(database.relayedUrl(), database), unpooled(database.relayedUrl(), database), timeout,
				SchemaRepair.NONE, transactions, (builder) -> builder.defaults(defaults));
	}

	public static TestCaches behindRelay(TestDatabase database, Duration timeout,
			UnaryOperator<CacheSettings> defaults) {
		return new TestCaches(database.relayedUrl(), database, timeout, (builder) -> builder.defaults(defaults));
	}

	/**
	 * Create a manager with near caches and a short timeout.
	 */
	public static TestCaches near(TestDatabase database) {
		return new TestCaches(database.url(), database, Duration.ofSeconds(5), TestCaches::near);
	}

	/**
	 * Create a manager with near caches and other settings.
	 */
	public static TestCaches near(TestDatabase database, UnaryOperator<CacheSettings> defaults) {
		return new TestCaches(database.url(), database, Duration.ofSeconds(5), (builder) -> builder
			.defaults((settings) -> defaults.apply(settings).withNear(settings.near().withEnabled(true))));
	}

	/**
	 * Create a manager with strict near entries of all caches, by leases of half a
	 * second.
	 */
	public static TestCaches strict(String url, TestDatabase database) {
		return strict(url, database, Transactions.none());
	}

	/**
	 * As {@link #strict}, with transactions.
	 */
	public static TestCaches strict(String url, TestDatabase database, Transactions transactions) {
		return new TestCaches(pool(url, database), unpooled(url, database), Duration.ofSeconds(5), SchemaRepair.NONE,
				transactions,
				(builder) -> builder.nearLease(STRICT_LEASE)
					.defaults((defaults) -> defaults
						.withNear(defaults.near().withEnabled(true).withCoherence(NearCoherence.STRICT))));
	}

	/**
	 * As {@link #strict}, without near entries.
	 */
	public static TestCaches atomic(TestDatabase database, Transactions transactions) {
		return new TestCaches(pool(database.url(), database), unpooled(database.url(), database), Duration.ofSeconds(5),
				SchemaRepair.NONE, transactions, (builder) -> builder.nearLease(STRICT_LEASE));
	}

	/**
	 * Wait until this manager holds a lease on a cache. It must be its only one.
	 */
	public void awaitLease(String name) {
		Concurrently.awaitThat(() -> {
			cache(name).get("any");
			return this.manager.getStatus().nearLeases().held() > 0;
		});
	}

	/**
	 * Create a manager with near caches behind the relay of the database.
	 */
	public static TestCaches nearBehindRelay(TestDatabase database, Duration timeout) {
		return new TestCaches(database.relayedUrl(), database, timeout, TestCaches::near);
	}

	/**
	 * Create a manager with near caches that receives invalidations through another URL.
	 */
	public static TestCaches nearListeningAt(String url, TestDatabase database) {
		return new TestCaches(database.url(), url, database, Duration.ofSeconds(5), TestCaches::near);
	}

	private static void near(PostgresCacheManagerBuilder builder) {
		builder.defaults((defaults) -> defaults.withNear(defaults.near().withEnabled(true)));
	}

	/**
	 * Create the schema by its migrations.
	 */
	public static void migrate(TestDatabase database) {
		migrate(database.dataSource());
	}

	public static void migrate(DataSource dataSource) {
		migrate(dataSource, "latest");
	}

	/**
	 * Make the schema of a version.
	 */
	public static void migrate(DataSource dataSource, String version) {
		Flyway.configure()
			.target(version)
			.dataSource(dataSource)
			.locations("classpath:io/psqache/internal/schema/migration")
			.placeholders(Map.of("kind", "unlogged"))
			.defaultSchema(SCHEMA.value())
			.schemas(SCHEMA.value())
			.load()
			.migrate();
	}

	/**
	 * Create a pool as the auto-configuration does.
	 */
	public static HikariDataSource pool(String url, TestDatabase database) {
		return pool(url, database, Duration.ofMillis(500));
	}

	public static HikariDataSource pool(String url, TestDatabase database, Duration timeout) {
		return pool(url, database.username(), database.password(), timeout);
	}

	public static HikariDataSource pool(FaultyServer server) {
		return pool(server.url(), server.username(), server.password(), Duration.ofMillis(500));
	}

	private static HikariDataSource pool(String url, String username, String password, Duration timeout) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url);
		config.setUsername(username);
		config.setPassword(password);
		config.setMaximumPoolSize(WORKERS);
		config.setMinimumIdle(0);
		config.setInitializationFailTimeout(-1);
		config.setConnectionTimeout(timeout.toMillis());
		config.setValidationTimeout(timeout.toMillis());
		config.addDataSourceProperty("ApplicationName", "psqache");
		config.addDataSourceProperty("cancelSignalTimeout", "1");
		config.addDataSourceProperty("connectTimeout", String.valueOf(Math.max(1, timeout.toSeconds())));
		return new HikariDataSource(config);
	}

	/**
	 * Create the {@code DataSource} of connections that receive invalidations.
	 */
	private static DataSource unpooled(String url, TestDatabase database) {
		DriverManagerDataSource unpooled = new DriverManagerDataSource(url, database.username(), database.password());
		Properties properties = new Properties();
		properties.setProperty("ApplicationName", "psqache");
		properties.setProperty("connectTimeout", "1");
		unpooled.setConnectionProperties(properties);
		return unpooled;
	}

	/**
	 * Wait until this manager receives invalidations and its near caches are used.
	 */
	public void awaitListening() {
		cache("first");
		Concurrently.awaitThat(() -> this.manager.getStatus().near().status() == NearState.Status.LISTENING);
	}

	/**
	 * Return the store of a manager, which is not public.
	 */
	public static EntryStore store(PostgresCacheManager manager) {
		return manager.backend().store();
	}

	/**
	 * Return the pool of a manager that has its own.
	 */
	public static HikariDataSource pool(PostgresCacheManager manager) {
		return Objects.requireNonNull(manager.backend().pool());
	}

	/**
	 * Create a manager on an open store, without a sweeper.
	 * @param listening the connections that receive invalidations; {@code null} to
	 * receive none
	 */
	public static PostgresCacheManager manager(EntryStore store, @Nullable DataSource listening, String namespace,
			UnaryOperator<PostgresCacheManagerBuilder> customizer) {
		return manager(store, listening, Transactions.none(), namespace, customizer);
	}

	private static PostgresCacheManager manager(EntryStore store, @Nullable DataSource listening,
			Transactions transactions, String namespace, UnaryOperator<PostgresCacheManagerBuilder> customizer) {
		PostgresCacheManagerBuilder builder = PostgresCacheManager.builder(null)
			.namespace(namespace)
			.trustedPackages(List.of("io.psqache"))
			.withoutSweeper();
		return customizer.apply(builder)
			.build(new CacheBackend(store, store.notifications(listening), transactions, null, "the test database",
					List.of()));
	}

	/**
	 * Return another view of the same cache.
	 */
	public static PostgresCache view(PostgresCache cache) {
		return cache.view();
	}

	public PostgresCacheManager manager() {
		return this.manager;
	}

	public PostgresCache cache(String name) {
		Cache cache = this.manager.getCache(name);
		if (cache instanceof PostgresCache postgresCache) {
			return postgresCache;
		}
		throw new IllegalStateException("No cache " + name);
	}

	public int activeConnections() {
		return this.pool.getHikariPoolMXBean().getActiveConnections();
	}

	public DataSource dataSource() {
		return this.pool;
	}

	@Override
	public void close() {
		this.manager.close();
		this.pool.close();
	}

}
