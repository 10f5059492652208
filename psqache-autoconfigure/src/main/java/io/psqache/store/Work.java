package io.psqache.store;

import java.sql.SQLException;

/**
 * Something to be done on a {@link Lane}.
 *
 * @param <T> the type of the answer
 */
@FunctionalInterface
public interface Work<T> {

	/**
	 * Do it.
	 * @param lane the lane, which is the caller's until this returns
	 * @return the answer
	 * @throws SQLException if PostgreSQL failed
	 */
	T on(Lane lane) throws SQLException;

}
