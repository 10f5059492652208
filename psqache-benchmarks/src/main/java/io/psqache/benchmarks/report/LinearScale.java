package io.psqache.benchmarks.report;

import java.util.List;
import java.util.stream.IntStream;

/**
 * An axis from zero, for what is to be compared by length.
 */
final class LinearScale implements Scale {

	private static final int MARKS = 5;

	/**
	 * Steps of 1, 2 or 5 times a power of ten.
	 */
	@Override
	public List<Double> marks(double least, double most) {
		double rough = most / MARKS;
		double power = Math.pow(10, Math.floor(Math.log10(rough)));
		double step = List.of(1, 2, 5, 10)
			.stream()
			.mapToDouble((factor) -> factor * power)
			.filter((candidate) -> candidate >= rough)
			.findFirst()
			.orElse(10 * power);
		return IntStream.rangeClosed(0, (int) Math.ceil(most / step)).mapToObj((mark) -> mark * step).toList();
	}

	@Override
	public double place(double figure, double from, double to) {
		return (figure - from) / (to - from);
	}

}
