package io.psqache.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import io.psqache.TestCaches;
import io.psqache.engine.Session;

/**
 * A transaction of an application, whose connection closes its statements.
 */
record ConnectionSession(Connection connection) implements Session {

	@Override
	public PreparedStatement query(String sql) throws SQLException {
		return this.connection.prepareStatement(TestCaches.SCHEMA.in(sql));
	}

	@Override
	public PreparedStatement update(String sql) throws SQLException {
		return this.connection.prepareStatement(TestCaches.SCHEMA.in(sql));
	}

	@Override
	public boolean isOfTransaction() {
		return true;
	}

}
