package io.psqache.benchmarks.endurance;

/**
 * An experiment, from an empty database to its figures.
 */
@FunctionalInterface
interface Experiment {

	/**
	 * Run it.
	 * @param stage the server and the sizes
	 * @param journal receives the results
	 * @throws Exception if it cannot be run
	 */
	void run(Stage stage, Journal journal) throws Exception;

}
