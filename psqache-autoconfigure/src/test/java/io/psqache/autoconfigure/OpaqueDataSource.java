package io.psqache.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A {@code DataSource} that does not tell what it connects to.
 */
class OpaqueDataSource extends AbstractDataSource {

	@Override
	public Connection getConnection() throws SQLException {
		throw new SQLException("The cache has connections of its own");
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return getConnection();
	}

}
