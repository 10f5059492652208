package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Asks the database to read and to write, of both tables, without doing either: it fails
 * where the application's requests would.
 */
final class RecoveryProbe implements Work<Boolean> {

	private final EntrySql sql;

	RecoveryProbe(EntrySql sql) {
		this.sql = sql;
	}

	/**
	 * Both are cancelled where they take too long, or each probe would leave one more
	 * behind that waits for a lock.
	 */
	@Override
	public Boolean on(Lane lane) throws SQLException {
		try (PreparedStatement read = lane.prepareWrite(this.sql.probeRead)) {
			read.executeQuery().close();
		}
		try (PreparedStatement write = lane.prepareWrite(this.sql.probeWrite)) {
			write.executeUpdate();
		}
		return true;
	}

}
