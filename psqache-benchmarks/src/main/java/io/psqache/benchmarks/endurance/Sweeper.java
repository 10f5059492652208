package io.psqache.benchmarks.endurance;

/**
 * Whether an instance of psqache sweeps.
 */
enum Sweeper {

	/**
	 * At the default pace.
	 */
	ON,

	OFF

}
