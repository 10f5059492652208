package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import io.psqache.engine.Session;

/**
 * Finds out what is behind a connection: two statements, the second only where there is a
 * schema to ask about.
 */
final class ServerProbe {

	private static final String SERVER_STATE = """
			select current_setting('server_version') as server_version,
			  pg_is_in_recovery() as standby,
			  (select relpersistence from pg_class where oid = to_regclass('${schema}.cache_entry')) as persistence
			""";

	private static final String SCHEMA_STATE = """
			select ${schema}.schema_version() as schema_version,
			  (select count(*) from ${schema}.cache where namespace = ?) as caches
			""";

	private final String serverState;

	private final String schemaState;

	ServerProbe(SchemaName schema) {
		this.serverState = schema.in(SERVER_STATE);
		this.schemaState = schema.in(SCHEMA_STATE);
	}

	ServerState probe(Session session, String namespace) throws SQLException {
		long start = System.nanoTime();
		ServerState server = server(session);
		Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
		ServerState timed = new ServerState(server.serverVersion(), server.standby(), server.unlogged(), null, null,
				roundTrip);
		return server.schemaMissing() ? timed : withSchema(session, timed, namespace);
	}

	private ServerState server(Session session) throws SQLException {
		try (ResultSet rows = session.query(this.serverState).executeQuery()) {
			rows.next();
			String persistence = rows.getString("persistence");
			Boolean unlogged = (persistence != null) ? "u".equals(persistence) : null;
			return new ServerState(rows.getString("server_version"), rows.getBoolean("standby"), unlogged, null, null,
					Duration.ZERO);
		}
	}

	private ServerState withSchema(Session session, ServerState server, String namespace) throws SQLException {
		PreparedStatement statement = session.query(this.schemaState);
		statement.setString(1, namespace);
		try (ResultSet rows = statement.executeQuery()) {
			rows.next();
			return new ServerState(server.serverVersion(), server.standby(), server.unlogged(),
					rows.getInt("schema_version"), rows.getInt("caches"), server.roundTrip());
		}
	}

}
