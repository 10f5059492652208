package io.psqache.store;

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
 */
record Connections(DataSource pool, Duration timeout, Watchdog watchdog, StoreMonitor monitor) {

	Lane lane() throws SQLException {
		return new Lane(this.pool.getConnection(), this.timeout, this.watchdog, this.monitor);
	}

}
