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
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.codec.TrustedTypes;
import io.psqache.codec.ValueCodecs;
import io.psqache.near.NearState;
import io.psqache.store.EntryStore;
import io.psqache.store.SchemaName;
import io.psqache.store.SchemaRepair;
import io.psqache.engine.OperationMonitor;
import io.psqache.test.FaultyServer;
import io.psqache.test.TestDatabase;
import org.flywaydb.core.Flyway;

import org.springframework.cache.Cache;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A cache manager on a {@link TestDatabase}, without Spring Boot.
 */
public final class TestCaches implements AutoCloseable {

	public static final SchemaName SCHEMA = new SchemaName("psqache");

	static final int LANES = 4;

	private final HikariDataSource pool;

	private final PostgresCacheManager manager;

	private TestCaches(String url, TestDatabase database, Duration timeout,
			Consumer<PostgresCacheManager.Builder> customizer) {
		this(url, url, database, timeout, customizer);
	}

	private TestCaches(String url, String listeningUrl, TestDatabase database, Duration timeout,
			Consumer<PostgresCacheManager.Builder> customizer) {
		this(pool(url, database), unpooled(listeningUrl, database), timeout, SchemaRepair.NONE, customizer);
	}

	private TestCaches(HikariDataSource pool, DataSource unpooled, Duration timeout, SchemaRepair schemaRepair,
			Consumer<PostgresCacheManager.Builder> customizer) {
		this.pool = pool;
		EntryStore store = new EntryStore(pool, LANES, SCHEMA, timeout, TestStores.FENCE_LIFE, OperationMonitor.NONE,
				schemaRepair);
		ValueCodecs values = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);
		PostgresCacheManager.Builder builder = PostgresCacheManager.builder(store, values)
			.namespace("test")
			.notifications(store.notifications(unpooled));
		customizer.accept(builder);
		this.manager = builder.build();
	}

	/**
	 * A manager whose time limit no healthy database exceeds.
	 */
	static TestCaches on(TestDatabase database, UnaryOperator<CacheSettings> defaults) {
		return new TestCaches(database.url(), database, Duration.ofSeconds(20),
				(builder) -> builder.defaults(defaults));
	}

	/**
	 * A manager that sweeps in the background, a few pages at a time.
	 */
	static TestCaches sweeping(TestDatabase database, UnaryOperator<CacheSettings> defaults, int pages) {
		return sweeping(database, defaults, Duration.ofMillis(20), pages);
	}

	static TestCaches sweeping(TestDatabase database, UnaryOperator<CacheSettings> defaults, Duration interval,
			int pages) {
		return new TestCaches(database.url(), database, Duration.ofSeconds(20),
				(builder) -> builder.defaults(defaults).sweep(interval, pages));
	}

	/**
	 * A manager on a server that may fail, that sweeps, and makes a schema that is gone.
	 */
	static TestCaches on(String url, FaultyServer server, Duration timeout) {
		HikariDataSource pool = pool(url, server.username(), server.password(), timeout);
		return new TestCaches(pool, server.dataSource(), timeout, () -> migrate(server.dataSource()),
				(builder) -> builder.sweep(Duration.ofMillis(200), 1_000));
	}

	/**
	 * A manager behind the relay of the database, that gives up soon.
	 */
	static TestCaches behindRelay(TestDatabase database, Duration timeout) {
		return behindRelay(database, timeout, UnaryOperator.identity());
	}

	static TestCaches behindRelay(TestDatabase database, Duration timeout, UnaryOperator<CacheSettings> defaults,
			Consumer<PostgresCacheManager.Builder> customizer) {
		return new TestCaches(database.relayedUrl(), database, timeout,
				customizer.andThen((builder) -> builder.defaults(defaults)));
	}

	static TestCaches behindRelay(TestDatabase database, Duration timeout, UnaryOperator<CacheSettings> defaults) {
		return new TestCaches(database.relayedUrl(), database, timeout, (builder) -> builder.defaults(defaults));
	}

	/**
	 * A manager that keeps copies of all caches, and gives up soon.
	 */
	static TestCaches near(TestDatabase database) {
		return new TestCaches(database.url(), database, Duration.ofSeconds(5), TestCaches::near);
	}

	/**
	 * As {@link #near}, and set otherwise too.
	 */
	static TestCaches near(TestDatabase database, UnaryOperator<CacheSettings> defaults) {
		return new TestCaches(database.url(), database, Duration.ofSeconds(5), (builder) -> builder
			.defaults((settings) -> defaults.apply(settings).withNear(settings.near().withEnabled(true))));
	}

	/**
	 * As {@link #near}, with everything behind the relay of the database.
	 */
	static TestCaches nearBehindRelay(TestDatabase database, Duration timeout) {
		return new TestCaches(database.relayedUrl(), database, timeout, TestCaches::near);
	}

	/**
	 * As {@link #near}, but it listens at another URL.
	 */
	static TestCaches nearListeningAt(String url, TestDatabase database) {
		return new TestCaches(database.url(), url, database, Duration.ofSeconds(5), TestCaches::near);
	}

	private static void near(PostgresCacheManager.Builder builder) {
		builder.defaults((defaults) -> defaults.withNear(defaults.near().withEnabled(true)));
	}

	/**
	 * Make the schema as the auto-configuration does.
	 */
	public static void migrate(TestDatabase database) {
		migrate(database.dataSource());
	}

	public static void migrate(DataSource dataSource) {
		Flyway.configure()
			.dataSource(dataSource)
			.locations("classpath:io/psqache/store/migration")
			.placeholders(Map.of("kind", "unlogged"))
			.defaultSchema(SCHEMA.value())
			.schemas(SCHEMA.value())
			.load()
			.migrate();
	}

	/**
	 * A pool as the auto-configuration makes it.
	 */
	public static HikariDataSource pool(String url, TestDatabase database) {
		return pool(url, database, Duration.ofMillis(500));
	}

	static HikariDataSource pool(String url, TestDatabase database, Duration timeout) {
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
		config.setMaximumPoolSize(LANES);
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
	 * Connections to listen on.
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
	 * Wait until near caches are used, which all are that are made from here on.
	 */
	void awaitListening() {
		cache("first");
		Concurrently.awaitThat(() -> this.manager.getNearChannel().state().status() == NearState.Status.LISTENING);
	}

	PostgresCacheManager manager() {
		return this.manager;
	}

	PostgresCache cache(String name) {
		Cache cache = this.manager.getCache(name);
		if (cache instanceof PostgresCache postgresCache) {
			return postgresCache;
		}
		throw new IllegalStateException("No cache " + name);
	}

	int activeConnections() {
		return this.pool.getHikariPoolMXBean().getActiveConnections();
	}

	DataSource dataSource() {
		return this.pool;
	}

	@Override
	public void close() {
		this.manager.close();
		this.pool.close();
	}

}
