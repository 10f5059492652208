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

package io.psqache.internal.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.SchemaName;

import org.springframework.core.io.ClassPathResource;

/**
 * The scripts that make the schema: for Flyway, and as text for an administrator.
 *
 * @param schema the schema they are to make
 * @param unlogged whether the table of entries is UNLOGGED
 */
public record MigrationScripts(SchemaName schema, boolean unlogged) {

	/**
	 * Version of the schema that this version of psqache works with.
	 */
	static final int VERSION = 4;

	static final String LOCATION = "io/psqache/internal/schema/migration";

	/**
	 * The script of each version.
	 */
	private static final List<String> VERSIONED = List.of("V1__cache_and_entry.sql", "V2__entries_by_hash.sql",
			"V3__identity_of_caches.sql", "V4__near_leases.sql");

	/**
	 * The scripts that follow, whatever the version was.
	 */
	private static final List<String> REPEATABLE = List.of("R__entry_kind.sql", "R__functions.sql");

	/**
	 * What the application's role calls, by psqache or by psql. By default every role
	 * may, but a database may have other default privileges. Triggers need none.
	 */
	static final List<String> FUNCTIONS = List.of("schema_version", "cache_id", "stored_keys", "key_hash", "announce",
			"evict_keys", "clear_cache", "is_newer_than_deleted", "require_newer_than_deleted", "require_incarnation",
			"is_watched", "await_leases", "notify_changed", "sweep_old_entries", "entries", "find", "evict", "clear");

	/**
	 * What the scripts leave open besides Flyway's own {@code flyway:defaultSchema}.
	 */
	Map<String, String> placeholders() {
		return Map.of("kind", this.unlogged ? "unlogged" : "logged");
	}

	/**
	 * The statements that bring the schema up to date, to be run by hand in one
	 * transaction.
	 * @param version the version that is there; 0 for an empty schema
	 */
	String textSince(int version) {
		return Stream.concat(VERSIONED.stream().skip(version), REPEATABLE.stream())
			.map(this::script)
			.collect(Collectors.joining("\n"));
	}

	private String script(String name) {
		try {
			String script = new ClassPathResource(LOCATION + "/" + name, EntryStore.class.getClassLoader())
				.getContentAsString(StandardCharsets.UTF_8)
				.replace("${flyway:defaultSchema}", this.schema.value());
			for (Map.Entry<String, String> placeholder : placeholders().entrySet()) {
				script = script.replace("${" + placeholder.getKey() + "}", placeholder.getValue());
			}
			return script;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What undoes them, in a schema that may hold other things too.
	 */
	String drops() {
		return """
				drop view if exists %1$s.entries;
				drop table if exists %1$s.cache, %1$s.cache_entry, %1$s.bound_eviction, %1$s.incarnation, %1$s.figures,
				  %1$s.sweeper, %1$s.load, %1$s.entry, %1$s.near_lease, %1$s.near_revocation;
				drop table if exists %1$s.schema_history;
				drop function if exists %1$s.schema_version, %1$s.cache_id, %1$s.stored_keys, %1$s.key_hash, %1$s.announce;
				drop function if exists %1$s.evict_keys, %1$s.clear_cache, %1$s.bridge_row, %1$s.bridge_statement;
				drop function if exists %1$s.is_newer_than_deleted, %1$s.require_newer_than_deleted, %1$s.sweep_old_entries;
				drop function if exists %1$s.name_cache, %1$s.rows_lost, %1$s.caches_deleted, %1$s.note_clear;
				drop function if exists %1$s.require_incarnation, %1$s.is_watched, %1$s.await_leases, %1$s.notify_changed;
				drop function if exists %1$s.entries, %1$s.find, %1$s.evict, %1$s.clear;
				drop function if exists %1$s.evict_changed cascade;
				"""
			.formatted(this.schema.quoted());
	}

	/**
	 * What the role of the application may have to be granted: to make the tables itself.
	 */
	String grantsToMigrate(String role) {
		return """
				create schema if not exists %1$s;
				grant usage, create on schema %1$s to %2$s;
				""".formatted(this.schema.quoted(), role);
	}

	/**
	 * What the role of the application needs at least: to use tables that another role
	 * made.
	 */
	String grantsToUse(String role) {
		return """
				grant usage on schema %1$s to %2$s;
				grant select, insert, update, delete
				  on %1$s.cache, %1$s.cache_entry, %1$s.bound_eviction, %1$s.incarnation, %1$s.figures, %1$s.sweeper, %1$s.load,
				    %1$s.near_lease, %1$s.near_revocation
				  to %2$s;
				grant select on %1$s.entries to %2$s;
				grant execute
				  on function %3$s
				  to %2$s;
				"""
			.formatted(this.schema.quoted(), role,
					FUNCTIONS.stream()
						.map((function) -> this.schema.quoted() + "." + function)
						.collect(Collectors.joining(", ")));
	}

}
