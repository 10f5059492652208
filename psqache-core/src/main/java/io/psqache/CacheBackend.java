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

import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.internal.connection.ApplicationDatabase;
import io.psqache.internal.connection.ConnectionSettings;
import io.psqache.internal.connection.PoolFactory;
import io.psqache.internal.connection.TransactionBinding;
import io.psqache.internal.schema.MigrationScripts;
import io.psqache.internal.schema.SchemaInitializer;
import io.psqache.internal.schema.SchemaRepairer;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.Notifications;
import io.psqache.internal.store.SchemaName;
import io.psqache.internal.transaction.Transactions;
import io.psqache.internal.watch.WatchedTables;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a cache manager that depend on the database.
 *
 * @param store the entries
 * @param notifications the messages between instances
 * @param transactions how caches take part in the application's transactions
 * @param pool the connections, closed after the store; {@code null} if another component
 * owns them
 * @param database a description of the database; {@code null} if it was not reached yet
 * @param watchedTables the names of the watched tables
 */
record CacheBackend(EntryStore store, Notifications notifications, Transactions transactions,
		@Nullable HikariDataSource pool, @Nullable String database,
		List<String> watchedTables) implements AutoCloseable {

	/**
	 * The time limit of a statement on connections outside of the pool, which receive
	 * invalidations or check the database at startup.
	 */
	private static final Duration UNPOOLED_LIMIT = Duration.ofSeconds(5);

	/**
	 * Open the pool, create or check the schema, and open the store.
	 * @throws CacheStartupException if a setting is wrong, or the schema cannot be
	 * created
	 */
	static CacheBackend open(PostgresCacheManagerBuilder builder) {
		ConnectionSettings connections = builder.connections();
		HikariDataSource pool = new PoolFactory(connections).create();
		try {
			builder.poolCustomizers.forEach((customizer) -> customizer.accept(pool));
			return open(builder, connections, pool);
		}
		catch (RuntimeException | Error ex) {
			pool.close();
			throw ex;
		}
	}

	private static CacheBackend open(PostgresCacheManagerBuilder builder, ConnectionSettings connections,
			HikariDataSource pool) {
		MigrationScripts scripts = new MigrationScripts(new SchemaName(builder.schema), builder.unlogged);
		WatchedTables watched = new WatchedTables(scripts.schema(), builder.namespace, builder.watches,
				elsewhere(connections));
		SchemaInitializer initializer = new SchemaInitializer(PoolFactory.unpooled(pool, Duration.ZERO), scripts,
				watched, builder.migrate, builder.failFast);
		initializer.start();
		DataSource unpooled = PoolFactory.unpooled(pool, UNPOOLED_LIMIT);
		boolean reached = initializer.outage() == null;
		Transactions transactions = new TransactionBinding(connections, builder.transactions, builder.requireEvictions)
			.decide(unpooled, reached);
		DataSource repairing = PoolFactory.unpooled(pool, SchemaRepairer.LIMIT);
		EntryStore store = new EntryStore(pool, connections.poolSize(), scripts.schema(), builder.timeout,
				builder.tombstoneRetention, CacheMonitor.of(builder.monitors),
				new SchemaRepairer(repairing, initializer.on(repairing), scripts, builder.migrate, !reached));
		if (initializer.outage() != null) {
			store.engine().recovery().beginSuspended(initializer.outage());
		}
		return new CacheBackend(store, store.notifications(unpooled), transactions, pool, initializer.database(),
				watched.tables());
	}

	/**
	 * Return a predicate for connections that are known to lead to another database than
	 * the application's. Without a separate URL none does.
	 */
	private static Predicate<Connection> elsewhere(ConnectionSettings connections) {
		DataSource application = connections.application();
		return (application == null || !connections.hasUrl()) ? (own) -> false
				: new ApplicationDatabase(application)::isElsewhere;
	}

	@Override
	public void close() {
		this.store.close();
		if (this.pool != null) {
			this.pool.close();
		}
	}

}
