package io.psqache.engine;

import java.sql.SQLException;

/**
 * What a single operation does.
 *
 * @param <T> the type of the answer
 */
@FunctionalInterface
public interface Work<T> {

	/**
	 * Do it.
	 * @param session the session, which is the caller's until this returns
	 * @return the answer
	 * @throws SQLException if PostgreSQL failed
	 */
	T on(Session session) throws SQLException;

}
