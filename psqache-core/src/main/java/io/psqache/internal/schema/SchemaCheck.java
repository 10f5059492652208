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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.StringJoiner;

import io.psqache.internal.store.SchemaName;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the schema has what the statements of the store need, by running the
 * harmless part of them.
 */
final class SchemaCheck {

	private static final String VERSION = "select ${schema}.schema_version()";

	/**
	 * For a role that may not call the function.
	 */
	private static final String VERSION_IN_CATALOG = """
			select coalesce(substring(p.prosrc from '[0-9]+')::int, 0)
			from pg_proc p
			join pg_namespace n on n.oid = p.pronamespace
			where n.nspname = ? and p.proname = 'schema_version'
			""";

	/**
	 * Fails where a table, a column or a function is missing.
	 */
	private static final String PARTS = """
			select id, generation, namespace, name, epoch, max_entries, max_bytes, stale_ms, near, created_at, used_at,
			  cleared_in
			from ${schema}.cache
			limit 0;
			select key_hash, epoch, expires_at, live_until, written_at, used_at, xid, cache_id, key, type, value, payload
			from ${schema}.cache_entry
			limit 0;
			select cache_id, newest, snapshot, deleted_by
			from ${schema}.bound_eviction
			limit 0;
			select id
			from ${schema}.incarnation
			limit 0;
			select cache_id, entries, bytes, dead, written_from, written_to, unused_ms, counted_at
			from ${schema}.figures
			limit 0;
			select id, holder, taken_at, held_until, next_page
			from ${schema}.sweeper
			limit 0;
			select cache_id, key, holder, taken_at, held_until
			from ${schema}.load
			limit 0;
			select '${schema}.cache_id'::regproc, '${schema}.stored_keys'::regproc, '${schema}.key_hash'::regproc,
			  '${schema}.announce'::regproc, '${schema}.evict_keys'::regproc, '${schema}.clear_cache'::regproc,
			  '${schema}.evict_changed'::regproc, '${schema}.entries'::regproc, '${schema}.find'::regproc,
			  '${schema}.evict'::regproc, '${schema}.clear'::regproc, '${schema}.sweep_old_entries'::regproc,
			  '${schema}.name_cache'::regproc, '${schema}.rows_lost'::regproc, '${schema}.caches_deleted'::regproc,
			  '${schema}.require_incarnation'::regproc,
			  '${schema}.entries'::regclass;
			""";

	private static final String LACKING_PRIVILEGES = """
			select string_agg(lower(privilege) || ' on ' || relation, ', ')
			from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) as privilege,
			  unnest(array['${schema}.cache', '${schema}.cache_entry', '${schema}.bound_eviction', '${schema}.incarnation',
			    '${schema}.figures', '${schema}.sweeper', '${schema}.load', '${schema}.near_lease',
			    '${schema}.near_revocation']) as relation
			where not has_table_privilege(relation, privilege)
			union all
			select string_agg('execute on ' || p.oid::regprocedure, ', ' order by p.oid::regprocedure::text)
			from pg_proc p
			where p.pronamespace = '${schema}'::regnamespace and p.proname = any (?)
			  and not has_function_privilege(p.oid, 'EXECUTE')
			""";

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private final SchemaName schema;

	SchemaCheck(SchemaName schema) {
		this.schema = schema;
	}

	/**
	 * Look for a problem.
	 * @param connection connection as the cache's role
	 * @return the problem, or {@code null} if there is none
	 */
	@Nullable Problem problem(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			int version = version(statement);
			if (version < MigrationScripts.VERSION) {
				return new Problem(
						"it has version " + version + ", and this version of psqache needs " + MigrationScripts.VERSION,
						false);
			}
			statement.execute(this.schema.in(PARTS));
		}
		catch (SQLException ex) {
			if (isAboutTheSchema(ex)) {
				return new Problem(String.valueOf(ex.getMessage()).lines().findFirst().orElse(""),
						INSUFFICIENT_PRIVILEGE.equals(ex.getSQLState()));
			}
			throw ex;
		}
		return lackingPrivileges(connection);
	}

	/**
	 * Read the version of the schema.
	 * @param connection connection as any role
	 * @return the version, or 0 if there is none
	 */
	int version(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(VERSION_IN_CATALOG)) {
			statement.setString(1, this.schema.value());
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? rows.getInt(1) : 0;
			}
		}
	}

	private int version(Statement statement) throws SQLException {
		try (ResultSet rows = statement.executeQuery(this.schema.in(VERSION))) {
			rows.next();
			return rows.getInt(1);
		}
	}

	private @Nullable Problem lackingPrivileges(Connection connection) throws SQLException {
		StringJoiner lacking = new StringJoiner(", ", "the role lacks ", "").setEmptyValue("");
		try (PreparedStatement statement = connection.prepareStatement(this.schema.in(LACKING_PRIVILEGES))) {
			statement.setObject(1, MigrationScripts.FUNCTIONS.toArray(String[]::new));
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					Optional.ofNullable(rows.getString(1)).ifPresent(lacking::add);
				}
			}
		}
		return (lacking.length() > 0) ? new Problem(lacking.toString(), true) : null;
	}

	/**
	 * Class 42 is a missing schema, table, column or privilege.
	 */
	private static boolean isAboutTheSchema(SQLException failure) {
		String state = failure.getSQLState();
		return state != null && (state.startsWith("42") || state.equals("3F000"));
	}

	/**
	 * Why the schema cannot be used.
	 *
	 * @param text what is wrong, to complete a sentence
	 * @param isPrivilege whether only a privilege is missing, as far as the role can see
	 */
	record Problem(String text, boolean isPrivilege) {

	}

}
