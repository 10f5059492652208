package io.psqache.engine;

import java.sql.SQLException;

/**
 * What has to be done when PostgreSQL may answer again. Called on one thread that exists
 * for this; each method may take as long as it takes.
 */
public interface Recoverable {

	/**
	 * Read and write, as the application's operations do, without changing anything.
	 * @param session the session
	 * @throws SQLException if they would fail
	 */
	void probe(Session session) throws SQLException;

	/**
	 * Make the schema again, which was found to be missing.
	 * @throws RuntimeException if that failed; it is logged, and repeated later
	 */
	void repairSchema();

	/**
	 * How many evictions were asked and not done.
	 * @return their number now
	 */
	long pendingEvictions();

	/**
	 * Do them.
	 * @return how many were done
	 * @throws StoreException if PostgreSQL failed; what was not done stays pending
	 */
	long repeatEvictions();

}
