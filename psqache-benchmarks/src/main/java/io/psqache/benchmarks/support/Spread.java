package io.psqache.benchmarks.support;

import java.util.Collection;
import java.util.Locale;

/**
 * A figure over all rounds.
 *
 * @param median the median
 * @param min the least
 * @param max the most
 */
public record Spread(double median, double min, double max) {

	/**
	 * Summarize the figures of all rounds.
	 * @param figures at least one
	 * @return their median and extremes
	 */
	public static Spread of(Collection<Double> figures) {
		double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Spread(median, sorted[0], sorted[sorted.length - 1]);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%.2f (%.2f..%.2f)", this.median, this.min, this.max);
	}

}
