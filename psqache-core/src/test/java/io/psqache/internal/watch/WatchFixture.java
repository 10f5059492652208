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

import java.sql.SQLException;
import java.util.List;

import io.psqache.TableWatch;
import io.psqache.TestCaches;
import io.psqache.internal.codec.KeyCodec;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * A database with psqache's schema and watched tables. Entries are put and read by SQL,
 * with keys of the codec.
 */
final class WatchFixture implements AutoCloseable {

	static final String NAMESPACE = "test";

	private static final KeyCodec CODEC = new KeyCodec(List.of());

	private static final String TRIGGERS = """
			select string_agg(distinct c.relname || ':' || array_to_string(
			  (string_to_array(encode(t.tgargs, 'escape'), '\\000'))[2:tgnargs], ','), ' ')
			from pg_trigger t
			join pg_class c on c.oid = t.tgrelid
			where not t.tgisinternal and c.relnamespace is distinct from to_regnamespace('psqache')
			""";

	private final TestDatabase database = TestDatabase.create();

	WatchFixture() {
		TestCaches.migrate(this.database);
	}

	TestDatabase database() {
		return this.database;
	}

	void execute(String sql) {
		this.database.execute(sql);
	}

	void watch(TableWatch... watches) {
		watchAs(NAMESPACE, watches);
	}

	void watchAs(String namespace, TableWatch... watches) {
		try {
			new WatchedTables(TestCaches.SCHEMA, namespace, List.of(watches)).install(this.database.dataSource());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		execute("update psqache.cache set epoch = 0 where epoch > 1000000"); // see clears
	}

	/**
	 * Put entries into a cache.
	 */
	void put(String cache, Object... keys) {
		for (Object key : keys) {
			execute("""
					insert into psqache.cache_entry
					  (key_hash, epoch, expires_at, live_until, written_at, used_at, cache_id, key, type, value)
					select psqache.key_hash(e.key), c.epoch, 'infinity', 'infinity', now(), now(), c.id, e.key,
					  'v1 java.lang.Integer', '1'
					from psqache.cache c, (values (%s)) as e (key)
					where c.id = psqache.cache_id('%s', %s)
					""".formatted(quote(CODEC.encode(key)), NAMESPACE, quote(cache)));
		}
	}

	boolean has(String cache, Object key) {
		return "t".equals(query("""
				select exists (
				  select from psqache.entries
				  where namespace = '%s' and cache = %s and key = %s
				)
				""".formatted(NAMESPACE, quote(cache), quote(CODEC.encode(key)))));
	}

	/**
	 * Return how often a cache was cleared.
	 */
	int clears(String cache) {
		return Integer
			.parseInt(String.valueOf(query("select epoch from psqache.cache where namespace = '%s' and name = %s"
				.formatted(NAMESPACE, quote(cache)))));
	}

	/**
	 * Return the tables with triggers and the trigger arguments without the namespace.
	 */
	@Nullable String triggers() {
		return query(TRIGGERS);
	}

	@Nullable String query(String sql) {
		return this.database.query(sql);
	}

	static String quote(String text) {
		return "'" + text.replace("'", "''") + "'";
	}

	@Override
	public void close() {
		this.database.close();
	}

}
