package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Finds out what is behind a connection: two statements, the second only where there is a
 * schema to ask about.
 */
final class Probe implements Work<ServerState> {

	private final EntrySql sql;

	private final String namespace;

	Probe(EntrySql sql, String namespace) {
		this.sql = sql;
		this.namespace = namespace;
	}

	@Override
	public ServerState on(Lane lane) throws SQLException {
		long start = System.nanoTime();
		ServerState server = server(lane);
		Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
		ServerState timed = new ServerState(server.serverVersion(), server.standby(), server.unlogged(), null, null,
				roundTrip);
		return server.schemaMissing() ? timed : withSchema(lane, timed);
	}

	private ServerState server(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.serverState);
				ResultSet rows = statement.executeQuery()) {
			rows.next();
			String persistence = rows.getString("entry_persistence");
			Boolean unlogged = (persistence != null) ? "u".equals(persistence) : null;
			return new ServerState(rows.getString("server_version"), rows.getBoolean("standby"), unlogged, null, null,
					Duration.ZERO);
		}
	}

	private ServerState withSchema(Lane lane, ServerState server) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.schemaState)) {
			statement.setString(1, this.namespace);
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				return new ServerState(server.serverVersion(), server.standby(), server.unlogged(),
						rows.getInt("schema_version"), rows.getInt("caches"), server.roundTrip());
			}
		}
	}

}
