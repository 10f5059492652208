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

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.psqache.benchmarks.contender.FloorEngine.Operation;

/**
 * A connection with its prepared statements, which executes batches. Not thread-safe.
 */
final class FloorConnection implements AutoCloseable {

	/**
	 * PostgreSQL assumes ten elements of an array in a generic plan. Without this it
	 * plans smaller batches again on every execution.
	 */
	private static final String OPTIONS = "&options=-c%20plan_cache_mode=force_generic_plan";

	private static final String GET = """
			select key_hash, key, type, ${column}
			from floor_entry
			where cache_id = ? and key_hash ${hashes} and expires_at > now()
			  and epoch = (select epoch from floor_cache where id = ?)
			""";

	private static final String PUT = """
			insert into floor_entry (cache_id, key_hash, epoch, expires_at, type, key, ${column})
			select c.id, e.key_hash, c.epoch, now() + e.micros * interval '1 microsecond', 'v1', e.key, e.value
			from (values ${rows}) as e (key_hash, key, value, micros), floor_cache c
			where c.id = ? and e.key is not null
			on conflict (cache_id, key_hash) do update
			set epoch = excluded.epoch, expires_at = excluded.expires_at, type = excluded.type, key = excluded.key,
			  ${column} = excluded.${column}
			""";

	private static final long TIME_TO_LIVE_MICROS = Arena.TIME_TO_LIVE.toMillis() * 1000;

	private final boolean jsonb;

	private final int cacheId;

	private final Connection connection;

	private final PreparedStatement getOne;

	private final PreparedStatement getMany;

	private final Map<Integer, PreparedStatement> puts = new HashMap<>();

	FloorConnection(String url, boolean jsonb) throws SQLException {
		this.jsonb = jsonb;
		this.cacheId = jsonb ? 1 : 2;
		this.connection = DriverManager.getConnection(url + OPTIONS);
		this.getOne = prepare(GET.replace("${hashes}", "= ?"));
		this.getMany = prepare(GET.replace("${hashes}", "= any (?)"));
	}

	private PreparedStatement prepare(String sql) throws SQLException {
		return this.connection.prepareStatement(sql.replace("${column}", this.jsonb ? "value" : "payload"));
	}

	/**
	 * Execute a batch of gets, or of puts, and complete its operations.
	 */
	void execute(List<Operation> batch) {
		if (batch.isEmpty()) {
			return;
		}
		boolean isPut = batch.get(0).value != null;
		Map<Long, Operation> byHash = isPut ? new TreeMap<>() : new HashMap<>(2 * batch.size());
		batch.forEach((operation) -> operation.sameKey = byHash.put(operation.hash, operation));
		try {
			if (isPut) {
				put(byHash.values());
			}
			else {
				get(byHash);
			}
		}
		catch (SQLException ex) {
			byHash.values().forEach((operation) -> operation.complete(ex));
		}
	}

	private void get(Map<Long, Operation> byHash) throws SQLException {
		PreparedStatement statement = (byHash.size() == 1) ? this.getOne : this.getMany;
		statement.setInt(1, this.cacheId);
		if (byHash.size() == 1) {
			statement.setLong(2, byHash.keySet().iterator().next());
		}
		else {
			statement.setObject(2, byHash.keySet().stream().mapToLong(Long::longValue).toArray());
		}
		statement.setInt(3, this.cacheId);
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				Operation operation = Objects.requireNonNull(byHash.get(rows.getLong(1)));
				boolean sameKey = rows.getString(2).equals(operation.key);
				// The type, which psqache also reads to select the decoder.
				rows.getString(3);
				byte[] value = rows.getBytes(4);
				if (sameKey) {
					byHash.remove(operation.hash);
					operation.complete(value);
				}
			}
		}
		byHash.values().forEach((operation) -> operation.complete(null));
	}

	/**
	 * Sorted, so that two batches lock their rows in the same order; one row a key, so
	 * the last put wins; filled up with empty rows to a power of two, so that there are
	 * few statements.
	 */
	private void put(Collection<Operation> operations) throws SQLException {
		int rows = Integer.highestOneBit(2 * operations.size() - 1);
		PreparedStatement statement = this.puts.get(rows);
		if (statement == null) {
			String row = "(?::bigint, ?::text, ?::%s, ?::bigint)".formatted(this.jsonb ? "jsonb" : "bytea");
			statement = prepare(PUT.replace("${rows}", String.join(", ", Collections.nCopies(rows, row))));
			this.puts.put(rows, statement);
		}
		int index = 1;
		for (Operation operation : operations) {
			byte[] value = Objects.requireNonNull(operation.value);
			statement.setLong(index++, operation.hash);
			statement.setString(index++, operation.key);
			if (this.jsonb) {
				statement.setString(index++, new String(value, StandardCharsets.UTF_8));
			}
			else {
				statement.setBytes(index++, value);
			}
			statement.setLong(index++, TIME_TO_LIVE_MICROS);
		}
		for (int row = operations.size(); row < rows; row++) {
			statement.setNull(index++, Types.BIGINT);
			statement.setNull(index++, Types.VARCHAR);
			statement.setNull(index++, this.jsonb ? Types.VARCHAR : Types.BINARY);
			statement.setNull(index++, Types.BIGINT);
		}
		statement.setInt(index, this.cacheId);
		statement.executeUpdate();
		operations.forEach((operation) -> operation.complete(null));
	}

	@Override
	public void close() {
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
