package io.psqache.benchmarks.endurance;

/**
 * One thing that is tried with millions of entries, from an empty database to its
 * figures.
 */
interface Experiment {

	/**
	 * What it is called on the command line.
	 */
	String name();

	/**
	 * What it does, in a line for people.
	 * @param sizes how much there is of everything
	 */
	String title(Sizes sizes);

	/**
	 * Do it.
	 * @param stage where
	 * @param journal takes what comes out
	 * @throws Exception if it could not be done
	 */
	void run(Stage stage, Journal journal) throws Exception;

}
