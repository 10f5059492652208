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
 * A configured trigger on a watched table. The name consists of a digest of the namespace
 * and a digest of the arguments. Therefore an existing trigger with this name is correct,
 * and one with another name belongs to other settings.
 *
 * @param table the qualified and quoted name of the table
 * @param name the name of the trigger, which needs no quotes
 * @param statement the statement that creates the trigger
 */
record WatchTrigger(String table, String name, String statement) {

	private static final String CREATE = """
			create trigger %s
			after %s on %s
			%sfor each statement execute function %s.evict_changed(%s)""";

	/**
	 * Return the triggers of a watch. There is one for each event, because a trigger with
	 * transition tables supports only one event.
	 * @param watch the watch
	 * @param table the qualified and quoted name of the table
	 * @param columns the names of the key columns
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
	 * Return the common prefix of the trigger names of a namespace.
	 */
	static String prefix(String namespace) {
		return "psqache_" + digest(namespace, 4) + "_";
	}

	/**
	 * Quote a text as {@code quote_literal()} does, independent of
	 * {@code standard_conforming_strings}.
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
