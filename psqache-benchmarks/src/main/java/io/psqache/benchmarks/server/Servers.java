package io.psqache.benchmarks.server;

/**
 * Keeps the two servers of a run together, so that both are stopped whatever happens.
 *
 * @param postgres the PostgreSQL
 * @param redis the Redis
 */
public record Servers(PostgresServer postgres, RedisServer redis) implements AutoCloseable {

	/**
	 * Start both.
	 * @return the servers
	 */
	public static Servers start() {
		PostgresServer postgres = PostgresServer.start();
		try {
			return new Servers(postgres, RedisServer.start());
		}
		catch (RuntimeException ex) {
			postgres.close();
			throw ex;
		}
	}

	@Override
	public void close() {
		try (this.postgres; this.redis) {
			return;
		}
	}

}
