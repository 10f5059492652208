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

package io.psqache.internal.watch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.psqache.CacheStartupException;
import io.psqache.TableWatch;

/**
 * Reads watched tables and their triggers from the system catalog, on one connection.
 * Rejects tables that cannot be watched.
 */
final class Catalog {

	/**
	 * The SQL states of an invalid name, which depend on the function and the server
	 * version.
	 */
	private static final Set<String> INVALID_NAME = Set.of("42602", "22023", "42601", "0A000");

	private final Connection connection;

	private final WatchSql sql;

	Catalog(Connection connection, WatchSql sql) {
		this.connection = connection;
		this.sql = sql;
	}

	/**
	 * Find a table to watch.
	 * @throws CacheStartupException if the table does not exist or cannot be watched
	 */
	Table table(TableWatch watch) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(this.sql.findTable)) {
			statement.setString(1, watch.table());
			try (ResultSet rows = statement.executeQuery()) {
				if (!rows.next()) {
					throw unknownTable(watch);
				}
				String name = rows.getString("name");
				requireWatchable(watch, name, rows);
				List<String> columns = new ArrayList<>();
				for (String column : watch.key()) {
					columns.add(column(watch, name, rows.getLong("oid"), column));
				}
				return new Table(name, columns, rows.getBoolean("may_change"));
			}
		}
		catch (SQLException ex) {
			if (isAboutName(ex)) {
				throw unknownTable(watch);
			}
			throw ex;
		}
	}

	private static CacheStartupException unknownTable(TableWatch watch) {
		return new CacheStartupException(
				"psqache cannot watch the table '" + watch.table() + "': the table does not exist.",
				"Write the name as in SQL, with schema and quotes where required. Create the table "
						+ "in the database of the cache before psqache starts, with Flyway, Liquibase or "
						+ "Spring Boot's SQL scripts.");
	}

	private static void requireWatchable(TableWatch watch, String name, ResultSet row) throws SQLException {
		String kind = row.getString("relkind");
		if (row.getBoolean("is_own")) {
			throw unwatchable(name, "it is psqache's own", "Watch a table of the application.");
		}
		if (!kind.equals("r") && !kind.equals("p")) {
			throw unwatchable(name, "it is " + kindName(kind) + ", and no trigger can collect its changes",
					"Watch the tables that provide its rows.");
		}
		if (row.getString("relpersistence").equals("t")) {
			throw unwatchable(name, "it is temporary", "Watch a permanent table.");
		}
		if (row.getBoolean("is_part")) {
			throw unwatchable(name,
					"it is a partition or child of another table, and its own triggers miss changes that "
							+ "are made through the parent",
					"Watch the parent table instead of '" + watch.table() + "'.");
		}
	}

	private static String kindName(String kind) {
		return switch (kind) {
			case "v" -> "a view";
			case "m" -> "a materialized view";
			case "f" -> "a foreign table";
			case "S" -> "a sequence";
			default -> "something else";
		};
	}

	private static CacheStartupException unwatchable(String name, String reason, String action) {
		return new CacheStartupException("psqache cannot watch " + name + ": " + reason + ".", action);
	}

	private String column(TableWatch watch, String table, long oid, String column) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(this.sql.findColumn)) {
			statement.setLong(1, oid);
			statement.setString(2, column);
			try (ResultSet rows = statement.executeQuery()) {
				if (!rows.next()) {
					throw unknownColumn(watch, table, column);
				}
				requireKey(table, rows);
				return rows.getString("attname");
			}
		}
		catch (SQLException ex) {
			if (isAboutName(ex)) {
				throw unknownColumn(watch, table, column);
			}
			throw ex;
		}
	}

	private static CacheStartupException unknownColumn(TableWatch watch, String table, String column) {
		return new CacheStartupException(
				("psqache cannot evict from the cache '%s' on changes of %s, because the table has no "
						+ "column '%s'.")
					.formatted(watch.cache(), table, column),
				"Write the column names as in SQL, with quotes where required.");
	}

	private static void requireKey(String table, ResultSet column) throws SQLException {
		String name = column.getString("attname");
		if (!column.getBoolean("is_canonical")) {
			throw new CacheStartupException(
					("psqache cannot create keys from the column '%s' of %s, because it does not support "
							+ "the type '%s' in a key.")
						.formatted(name, table, column.getString("type")),
					"A key consists of integers, numeric, text, varchar, uuid, boolean and date. Add a "
							+ "stored generated column of such a type that has the text of the key, or clear the "
							+ "cache instead.");
		}
		if (column.getBoolean("is_virtual")) {
			throw new CacheStartupException(
					("psqache cannot create keys from the column '%s' of %s, because it is a virtual "
							+ "generated column, which triggers cannot read.")
						.formatted(name, table),
					"Change it to a stored generated column, or clear the cache instead.");
		}
	}

	private static boolean isAboutName(SQLException failure) {
		return INVALID_NAME.contains(String.valueOf(failure.getSQLState()));
	}

	/**
	 * Return the existing triggers of a namespace.
	 */
	List<ExistingTrigger> triggers(String namespace) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(this.sql.findTriggers)) {
			statement.setString(1, WatchTrigger.prefix(namespace));
			try (ResultSet rows = statement.executeQuery()) {
				List<ExistingTrigger> triggers = new ArrayList<>();
				while (rows.next()) {
					triggers.add(new ExistingTrigger(rows.getString("table_name"), rows.getString("tgname"),
							rows.getBoolean("is_enabled"), rows.getBoolean("may_change")));
				}
				return triggers;
			}
		}
	}

	/**
	 * A table that can be watched.
	 *
	 * @param name the qualified and quoted name
	 * @param key the names of the key columns
	 * @param mayChange whether the role may create and drop triggers on the table
	 */
	record Table(String name, List<String> key, boolean mayChange) {

	}

	/**
	 * An existing trigger.
	 *
	 * @param table the qualified and quoted name of the table
	 * @param name the name of the trigger
	 * @param enabled whether the trigger fires
	 * @param mayChange whether the role may drop the trigger
	 */
	record ExistingTrigger(String table, String name, boolean enabled, boolean mayChange) {

		String dropStatement() {
			return "drop trigger " + this.name + " on " + this.table;
		}

	}

}
