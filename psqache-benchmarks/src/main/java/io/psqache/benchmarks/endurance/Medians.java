package io.psqache.benchmarks.endurance;

import java.util.List;

/**
 * The middle of what was measured several times.
 */
final class Medians {

	private Medians() {
	}

	/**
	 * The median.
	 * @param figures at least one
	 */
	static double of(List<Double> figures) {
		List<Double> sorted = figures.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

	/**
	 * Median, least and most.
	 */
	static String spread(List<Double> figures) {
		double least = figures.stream().min(Double::compare).orElseThrow();
		double most = figures.stream().max(Double::compare).orElseThrow();
		return "%s (%s..%s)".formatted(Text.ratio(of(figures)), Text.ratio(least), Text.ratio(most));
	}

}
