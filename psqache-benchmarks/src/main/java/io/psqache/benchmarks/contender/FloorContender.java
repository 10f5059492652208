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

package io.psqache.benchmarks.contender;

import java.sql.SQLException;

import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The baseline of psqache: a {@link FloorEngine} on its own table, and a plain JSON
 * reader and writer. It has no timeouts, fences, transactions or meters, so it shows the
 * minimum cost of a coalescing cache over pgjdbc on this machine.
 */
final class FloorContender implements Contender {

	private static final String SCHEMA = """
			create table if not exists floor_cache (id int primary key, epoch bigint not null);
			insert into floor_cache
			values (1, 0), (2, 0)
			on conflict do nothing;
			create unlogged table if not exists floor_entry (
			  cache_id   int              not null,
			  key_hash   bigint           not null,
			  epoch      bigint           not null,
			  expires_at timestamptz      not null,
			  type       text             not null,
			  key        text collate "C" not null,
			  value      jsonb,
			  payload    bytea,
			  primary key (cache_id, key_hash)
			) with (fillfactor = 80)
			""";

	private final ObjectReader reader = JsonMapper.shared().readerFor(Product.class);

	private final ObjectWriter writer = JsonMapper.shared().writerFor(Product.class);

	private final FloorEngine engine;

	private final ServerProcess server;

	/**
	 * Create the floor.
	 * @param arena the servers
	 * @param jsonb whether values are stored as {@code jsonb}, or as {@code bytea}
	 */
	FloorContender(Arena arena, boolean jsonb) {
		this.server = arena.postgres();
		arena.database().execute(SCHEMA);
		try {
			this.engine = new FloorEngine(arena.database().url(), jsonb);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public @Nullable Product get(String key) throws SQLException {
		byte[] value = this.engine.execute(new FloorEngine.Operation(hash(key), key, null));
		return (value != null) ? this.reader.readValue(value) : null;
	}

	@Override
	public void put(String key, Product product) throws SQLException {
		this.engine.execute(new FloorEngine.Operation(hash(key), key, this.writer.writeValueAsBytes(product)));
	}

	/**
	 * FNV-1a over the characters, followed by a mix, because similar keys must not share
	 * bits.
	 */
	private static long hash(String key) {
		long hash = 0xcbf29ce484222325L;
		for (int index = 0; index < key.length(); index++) {
			hash = (hash ^ key.charAt(index)) * 0x100000001b3L;
		}
		hash = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
		return hash ^ (hash >>> 29);
	}

	@Override
	public ServerProcess server() {
		return this.server;
	}

	@Override
	public void close() {
		this.engine.close();
	}

}
