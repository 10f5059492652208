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

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

import io.psqache.TableWatch;
import io.psqache.internal.store.SchemaName;

/**
 * A trigger that belongs on a watched table. Its name says whose it is and what it does:
 * it begins with a digest of the namespace, and a digest of what it is told follows. So
 * one that is there by that name is right, and one by another name is of other settings.
 *
 * @param table the table, qualified and quoted
 * @param name its name, which needs no quotes
 * @param statement the statement that makes it
 */
record WatchTrigger(String table, String name, String statement) {

	private static final String CREATE = """
			create trigger %s
			after %s on %s
			%sfor each statement execute function %s.evict_changed(%s)""";

	/**
	 * Those that a watch needs: a trigger that sees the rows can be for one event only.
	 * @param watch what to do
	 * @param table the table, qualified and quoted
	 * @param columns the names of the columns of its key
	 */
	static List<WatchTrigger> of(SchemaName schema, String namespace, TableWatch watch, String table,
			List<String> columns) {
		List<String> arguments = new ArrayList<>(List.of(namespace, watch.cache(), String.valueOf(watch.maxRows())));
		arguments.addAll(columns);
		String prefix = prefix(namespace) + digest(schema.value() + "\0" + String.join("\0", arguments), 8) + "_";
		String literals = arguments.stream().map(WatchTrigger::literal).collect(Collectors.joining(", "));
		List<WatchTrigger> triggers = new ArrayList<>();
		for (Event event : Event.values()) {
			String name = prefix + event.sql();
			triggers.add(new WatchTrigger(table, name,
					CREATE.formatted(name, event.sql(), table, event.rows(), schema.quoted(), literals)));
		}
		return triggers;
	}

	/**
	 * What the names of all triggers of a namespace begin with.
	 */
	static String prefix(String namespace) {
		return "psqache_" + digest(namespace, 4) + "_";
	}

	/**
	 * As {@code quote_literal()} does, whatever {@code standard_conforming_strings} says.
	 */
	private static String literal(String text) {
		String doubled = text.replace("'", "''");
		return doubled.contains("\\") ? "E'" + doubled.replace("\\", "\\\\") + "'" : "'" + doubled + "'";
	}

	private static String digest(String text, int bytes) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, bytes);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	private enum Event {

		INSERT("insert", "referencing new table as new_rows\n"),

		UPDATE("update", "referencing old table as old_rows new table as new_rows\n"),

		DELETE("delete", "referencing old table as old_rows\n"),

		TRUNCATE("truncate", "");

		private final String sql;

		private final String rows;

		Event(String sql, String rows) {
			this.sql = sql;
			this.rows = rows;
		}

		String sql() {
			return this.sql;
		}

		String rows() {
			return this.rows;
		}

	}

}
