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

package io.psqache.internal.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import io.psqache.ServerState;
import io.psqache.internal.engine.Session;
import io.psqache.internal.engine.Work;

/**
 * Finds out what is behind a connection: two statements, the second only where there is a
 * schema to ask about.
 *
 * @param namespace the application whose caches to count
 */
record ServerProbe(String namespace) implements Work<ServerState> {

	private static final String SERVER_STATE = """
			select current_setting('server_version') as server_version,
			  pg_is_in_recovery() as standby,
			  (select relpersistence from pg_class where oid = to_regclass('${schema}.cache_entry')) as persistence
			""";

	private static final String SCHEMA_STATE = """
			select ${schema}.schema_version() as schema_version,
			  (select count(*) from ${schema}.cache where namespace = ?) as caches
			""";

	@Override
	public ServerState on(Session session) throws SQLException {
		ServerState server = server(session);
		if (server.schemaMissing()) {
			return server;
		}
		PreparedStatement statement = session.query(SCHEMA_STATE);
		statement.setString(1, this.namespace);
		try (ResultSet rows = statement.executeQuery()) {
			rows.next();
			return new ServerState(server.serverVersion(), server.standby(), server.unlogged(),
					rows.getInt("schema_version"), rows.getInt("caches"), server.roundTrip());
		}
	}

	private static ServerState server(Session session) throws SQLException {
		long start = System.nanoTime();
		try (ResultSet rows = session.query(SERVER_STATE).executeQuery()) {
			Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
			rows.next();
			String persistence = rows.getString("persistence");
			return new ServerState(rows.getString("server_version"), rows.getBoolean("standby"),
					(persistence != null) ? persistence.equals("u") : null, null, null, roundTrip);
		}
	}

}
