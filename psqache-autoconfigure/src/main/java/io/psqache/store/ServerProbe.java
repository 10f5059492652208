package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import io.psqache.engine.Session;
import io.psqache.engine.Work;

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
