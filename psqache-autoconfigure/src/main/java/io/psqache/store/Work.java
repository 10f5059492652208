package io.psqache.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a request does on the connection of the lane it travels on.
 *
 * @param <T> the type of its answer
 */
@FunctionalInterface
interface Work<T> {

	T on(Connection connection) throws SQLException;

}
