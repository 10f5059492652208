package io.psqache.sweep;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Some pages of the table.
 *
 * @param first the first of them
 * @param end the one after the last
 */
record PageRange(long first, long end) {

	/**
	 * Bind it as two row identifiers, from and to before.
	 * @return the next index
	 */
	int bind(PreparedStatement statement, int index) throws SQLException {
		statement.setString(index, "(%d,0)".formatted(this.first));
		statement.setString(index + 1, "(%d,0)".formatted(this.end));
		return index + 2;
	}

}
