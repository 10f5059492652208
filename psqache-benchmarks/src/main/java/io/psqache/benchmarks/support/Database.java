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

package io.psqache.benchmarks.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/**
 * A database of a {@link PostgresServer}, with SQL access on connections that are
 * independent of psqache. Thread-safe.
 */
public final class Database implements AutoCloseable {

	private static final String DEFAULT = "postgres";

	/**
	 * The table of entries changes its name between versions of the schema.
	 */
	private static final String ENTRY_TABLE = """
			select case when to_regclass('psqache.cache_entry') is not null then 'psqache.cache_entry'
			  else 'psqache.entry' end
			""";

	private static final String STATE = """
			select concat_ws(' ', pg_table_size(relid), pg_indexes_size(relid), n_tup_upd, n_tup_hot_upd, n_tup_del,
			  n_dead_tup, autovacuum_count)
			from pg_stat_user_tables
			where relid = '%s'::regclass
			""";

	private static final String LIVE_ENTRIES = """
			select count(*)
			from %s e
			join psqache.cache c on c.id = e.cache_id and c.epoch = e.epoch
			where e.expires_at > now()
			""";

	private final PostgresServer server;

	private final String name;

	Database(PostgresServer server, String name) {
		this.server = server;
		this.name = name;
	}

	public String url() {
		return this.server.url(this.name);
	}

	/**
	 * Open a pool.
	 * @param size the maximum number of connections
	 * @return the pool, which the caller closes
	 */
	public HikariDataSource pool(int size) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url());
		config.setMaximumPoolSize(size);
		return new HikariDataSource(config);
	}

	public void execute(String sql) {
		text(sql);
	}

	public long number(String sql) {
		String text = text(sql);
		return text.isEmpty() ? 0 : Long.parseLong(text);
	}

	/**
	 * Execute a statement.
	 * @param sql the statement
	 * @return the first column of its first row; empty if there is no row or it is null
	 */
	public String text(String sql) {
		try (Connection connection = DriverManager.getConnection(url());
				Statement statement = connection.createStatement()) {
			if (!statement.execute(sql)) {
				return "";
			}
			ResultSet rows = statement.getResultSet();
			String text = rows.next() ? rows.getString(1) : null;
			return (text != null) ? text : "";
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public String entryTable() {
		return text(ENTRY_TABLE);
	}

	/**
	 * The statistics of the table of entries.
	 * @return the statistics, at most a second old
	 */
	public TableState state() {
		return TableState.parse(text(STATE.formatted(entryTable())));
	}

	/**
	 * Count the live entries.
	 * @return the number of entries
	 */
	public long liveEntries() {
		return number(LIVE_ENTRIES.formatted(entryTable()));
	}

	/**
	 * Count the rows of a cache, including expired and otherwise unreadable ones.
	 * @param cache the name of the cache
	 * @return the number of rows
	 */
	public long rows(String cache) {
		return number("select count(*) from %s where cache_id in (select id from psqache.cache where name = '%s')"
			.formatted(entryTable(), cache));
	}

	/**
	 * Vacuum now, so that autovacuum does not run during a measurement.
	 */
	public void settle() {
		execute("vacuum analyze");
		execute("checkpoint");
	}

	@Override
	public void close() {
		if (!this.name.equals(DEFAULT)) {
			this.server.defaultDatabase().execute("drop database if exists %s with (force)".formatted(this.name));
		}
	}

	/**
	 * The statistics of the table of entries at one time.
	 *
	 * @param tableBytes size of the table with its TOAST table
	 * @param indexBytes size of its indexes
	 * @param updated rows updated so far
	 * @param hotUpdated rows updated within their page, without index entries (HOT)
	 * @param deleted rows deleted so far
	 * @param dead estimate of the rows that wait for vacuum
	 * @param autovacuums number of autovacuums so far
	 */
	public record TableState(long tableBytes, long indexBytes, long updated, long hotUpdated, long deleted, long dead,
			long autovacuums) {

		static TableState parse(String text) {
			long[] numbers = Stream.of(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
			return new TableState(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
		}

		/**
		 * The share of HOT updates.
		 * @param earlier the state before the updates
		 * @return 0 to 1; not a number without updates
		 */
		public double hotShareSince(TableState earlier) {
			return (double) (this.hotUpdated - earlier.hotUpdated) / (this.updated - earlier.updated);
		}

	}

}
