package io.psqache.benchmarks.endurance;

import java.util.List;

/**
 * What came out of an experiment.
 *
 * @param name its name
 * @param title what it did
 * @param seconds how long it took
 * @param findings what is to be reached, and whether it was
 * @param figures the numbers behind it
 * @param remarks what is no number
 */
record ExperimentResult(String name, String title, double seconds, List<Finding> findings, List<Figure> figures,
		List<String> remarks) {
}
