package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Sends messages by NOTIFY: to everyone who listens, in the order of commits, when the
 * transaction commits and only then. The channel has the name of the schema.
 */
final class Notify {

	/**
	 * What one message may hold, in bytes.
	 */
	static final int MAX_BYTES = 7_999;

	private static final String NOTIFY = """
			select pg_notify(?, message)
			from unnest(?) as message
			""";

	private final String channel;

	Notify(SchemaName schema) {
		this.channel = schema.value();
	}

	void on(Lane lane, List<String> messages) throws SQLException {
		if (messages.isEmpty()) {
			return;
		}
		try (PreparedStatement statement = lane.prepareWrite(NOTIFY)) {
			statement.setString(1, this.channel);
			statement.setObject(2, messages.toArray(String[]::new));
			statement.execute();
		}
	}

}
