package io.psqache.benchmarks.endurance;

import io.psqache.benchmarks.server.PostgresServer;

/**
 * Where experiments take place.
 *
 * @param server the server
 * @param sizes how much there is of everything
 * @param values what is stored
 * @param seed what all chance follows from
 */
record Stage(PostgresServer server, Sizes sizes, Values values, long seed) {

	/**
	 * An empty database.
	 * @param name its name
	 */
	Database database(String name) {
		return new Database(this.server, "endurance_" + name);
	}

}
