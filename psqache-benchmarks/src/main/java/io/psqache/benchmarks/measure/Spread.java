package io.psqache.benchmarks.measure;

import java.util.stream.DoubleStream;

/**
 * A figure over all rounds.
 *
 * @param median half of the rounds had at most this
 * @param min the least
 * @param max the most
 */
public record Spread(double median, double min, double max) {

	static Spread of(DoubleStream figures) {
		double[] sorted = figures.sorted().toArray();
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Spread(median, sorted[0], sorted[sorted.length - 1]);
	}

}
