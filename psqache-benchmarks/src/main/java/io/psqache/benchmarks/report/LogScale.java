package io.psqache.benchmarks.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * An axis on which each power of ten has the same length, for what differs by orders of
 * magnitude.
 */
final class LogScale implements Scale {

	@Override
	public List<Double> marks(double least, double most) {
		int from = (int) Math.floor(Math.log10(least));
		int to = Math.max(from + 1, (int) Math.ceil(Math.log10(most)));
		return IntStream.rangeClosed(from, to).mapToObj((power) -> Math.pow(10, power)).toList();
	}

	@Override
	public double place(double figure, double from, double to) {
		return Math.log(figure / from) / Math.log(to / from);
	}

}
