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

import java.time.Duration;

import io.psqache.internal.store.SchemaName;

/**
 * The queries about watched tables. {@link WatchTrigger} has the statements that create
 * triggers, and the schema script has the trigger function.
 */
final class WatchSql {

	/**
	 * Waits for a peer that is changing the triggers. The number is arbitrary.
	 */
	private static final String LOCK = """
			select pg_advisory_xact_lock(7461, '${schema}'::regnamespace::oid::int)
			""";

	/**
	 * Limits the wait for the table lock of {@code create trigger}, because writers of
	 * the table queue behind a waiting session.
	 */
	private static final String LIMIT_LOCKS = """
			set local lock_timeout = '${millis}ms'
			""";

	private static final String FIND_TABLE = """
			select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind, c.relpersistence,
			  n.nspname = '${name}' as is_own,
			  exists (select from pg_inherits where inhrelid = c.oid) as is_part,
			  pg_has_role(c.relowner, 'usage') as may_change
			from pg_class c
			join pg_namespace n on n.oid = c.relnamespace
			where c.oid = to_regclass(?)
			""";

	/**
	 * The types are those whose {@code to_jsonb(..)::text} equals the text of the key
	 * codec. A trigger cannot read a virtual generated column.
	 */
	private static final String FIND_COLUMN = """
			select attname, format_type(atttypid, atttypmod) as type, attgenerated = 'v' as is_virtual,
			  atttypid = any (array['int2', 'int4', 'int8', 'numeric', 'text', 'varchar', 'uuid', 'bool', 'date']::regtype[])
			    as is_canonical
			from pg_attribute
			where attrelid = ?::oid and array[attname::text] = parse_ident(?) and attnum > 0 and not attisdropped
			""";

	/**
	 * A trigger that is disabled, or enabled for replicas only, counts as missing.
	 */
	private static final String FIND_TRIGGERS = """
			select t.tgname, t.tgenabled in ('O', 'A') as is_enabled, format('%I.%I', n.nspname, c.relname) as table_name,
			  pg_has_role(c.relowner, 'usage') as may_change
			from pg_trigger t
			join pg_class c on c.oid = t.tgrelid
			join pg_namespace n on n.oid = c.relnamespace
			where t.tgfoid = '${schema}.evict_changed'::regproc and starts_with(t.tgname, ?)
			order by table_name, t.tgname
			""";

	private static final String CREATE_CACHE = """
			select ${schema}.cache_id(?, ?)
			""";

	final String lock;

	final String limitLocks;

	final String findTable;

	final String findColumn;

	final String findTriggers;

	final String createCache;

	WatchSql(SchemaName schema, Duration lockLimit) {
		this.lock = schema.in(LOCK);
		this.limitLocks = LIMIT_LOCKS.replace("${millis}", String.valueOf(lockLimit.toMillis()));
		this.findTable = FIND_TABLE.replace("${name}", schema.value());
		this.findColumn = FIND_COLUMN;
		this.findTriggers = schema.in(FIND_TRIGGERS);
		this.createCache = schema.in(CREATE_CACHE);
	}

}
