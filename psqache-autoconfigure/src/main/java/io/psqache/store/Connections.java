package io.psqache.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

/**
 * Where lanes get their connections from.
 *
 * @param pool the pool
 * @param timeout how long a statement may take on one
 * @param watchdog cancels writes that take longer
 * @param monitor is told what is done on it
 * @param lostWrites what must not happen after the next write
 */
record Connections(DataSource pool, Duration timeout, Watchdog watchdog, StoreMonitor monitor, LostWrites lostWrites) {

	Connections(DataSource pool, Duration timeout, Watchdog watchdog, StoreMonitor monitor) {
		this(pool, timeout, watchdog, monitor, new LostWrites(timeout));
	}

	Lane lane() throws SQLException {
		long asked = System.nanoTime();
		Connection connection = this.pool.getConnection();
		Duration waited = Duration.ofNanos(System.nanoTime() - asked);
		return new Lane(connection, waited, this.timeout, this.watchdog, this.monitor, this.lostWrites);
	}

}
