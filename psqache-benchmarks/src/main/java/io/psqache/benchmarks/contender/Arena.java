package io.psqache.benchmarks.contender;

import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.psqache.benchmarks.server.PostgresServer;
import io.psqache.benchmarks.server.Servers;
import io.psqache.benchmarks.workload.Dataset;

/**
 * Where contenders meet: the servers with nothing in them, and the data. Closing it
 * throws away what they stored.
 *
 * @param servers the servers
 * @param dataset what will be stored
 */
public record Arena(Servers servers, Dataset dataset) implements AutoCloseable {

	/**
	 * Every entry of every contender lives so long, so that all of them have an age limit
	 * to write and to check, and none is ever reached.
	 */
	static final Duration TIME_TO_LIVE = Duration.ofDays(28);

	/**
	 * Connections of each pool, psqache's own apart.
	 */
	static final int POOL_SIZE = 16;

	private static final String DATABASE = "benchmark";

	public Arena {
		servers.postgres().createDatabase(DATABASE);
	}

	/**
	 * A pool on the database of this arena.
	 * @param size the most connections it opens
	 * @return settings that may still be changed
	 */
	HikariConfig pool(int size) {
		return this.servers.postgres().pool(DATABASE, size);
	}

	/**
	 * Do what autovacuum would have done by tomorrow, so that it does not do it in the
	 * middle of one contender's round.
	 */
	public void settle() {
		try (HikariDataSource connections = new HikariDataSource(pool(1))) {
			PostgresServer.execute(connections, "vacuum analyze");
		}
	}

	@Override
	public void close() {
		this.servers.postgres().dropDatabase(DATABASE);
		RawRedis.flush(this.servers.redis());
	}

}
