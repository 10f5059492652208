package io.psqache.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Draws how a figure goes with the number of callers, each line named at its end.
 *
 * @param title what it shows
 * @param axis what the categories are
 * @param footnote where it comes from
 * @param categories names of the places on the horizontal axis
 * @param scale of the vertical axis
 * @param series the lines
 */
record LineChart(String title, String axis, String footnote, List<String> categories, Scale scale,
		List<Series> series) {

	private static final int WIDTH = 820;

	private static final int HEIGHT = 440;

	private static final int LEFT = 80;

	private static final int RIGHT = 640;

	private static final int TOP = 50;

	private static final int BOTTOM = 360;

	/**
	 * Names closer than this could not be read.
	 */
	private static final int LABEL_DISTANCE = 15;

	String draw() {
		Svg svg = new Svg(WIDTH, HEIGHT, this.title);
		svg.text(20, 28, "class=\"ink\" font-size=\"15\" font-weight=\"600\"", this.title);
		List<Double> marks = marks();
		marks.forEach((mark) -> svg.gridLine(LEFT, y(mark), RIGHT, y(mark))
			.text(LEFT - 8, y(mark) + 4, "class=\"faint\" text-anchor=\"end\"", number(mark)));
		for (int place = 0; place < this.categories.size(); place++) {
			svg.text(x(place), BOTTOM + 20, "class=\"faint\" text-anchor=\"middle\"", this.categories.get(place));
		}
		svg.text((LEFT + RIGHT) / 2.0, BOTTOM + 40, "class=\"faint\" text-anchor=\"middle\"", this.axis);
		svg.text(20, HEIGHT - 14, "class=\"faint\" font-size=\"11\"", this.footnote);
		this.series.forEach((line) -> draw(line, svg));
		label(svg);
		return svg.toString();
	}

	private void draw(Series line, Svg svg) {
		String points = line.places()
			.mapToObj((place) -> String.format(Locale.ROOT, "%.1f,%.1f", x(place), y(line.points().get(place))))
			.collect(Collectors.joining(" "));
		svg.line(points, line.colour(), line.name().startsWith("psqache") ? 3 : 1.8);
		line.places()
			.forEach((place) -> svg.dot(x(place), y(line.points().get(place)), line.colour(),
					line.name() + ", " + this.categories.get(place) + ": " + number(line.points().get(place))));
	}

	/**
	 * From top to bottom, each beside the end of its line, or below the one before.
	 */
	private void label(Svg svg) {
		List<Series> fromTop = new ArrayList<>(this.series);
		fromTop.sort(Comparator.comparingDouble((line) -> y(line.last())));
		double lowest = TOP;
		for (Series line : fromTop) {
			double at = Math.max(lowest, y(line.last()) + 4);
			svg.text(RIGHT + 12, at, "fill=\"" + line.colour() + "\" font-weight=\"600\"", line.name());
			lowest = at + LABEL_DISTANCE;
		}
	}

	private List<Double> marks() {
		return this.scale.marks(figures().min().orElse(1), figures().max().orElse(10));
	}

	private DoubleStream figures() {
		return this.series.stream()
			.flatMap((line) -> line.points().stream())
			.mapToDouble(Double::doubleValue)
			.filter(Double::isFinite);
	}

	private double x(int place) {
		return LEFT + 30 + (RIGHT - LEFT - 60) * (double) place / Math.max(1, this.categories.size() - 1);
	}

	private double y(double figure) {
		List<Double> marks = marks();
		return BOTTOM - (BOTTOM - TOP) * this.scale.place(figure, marks.get(0), marks.get(marks.size() - 1));
	}

	private static String number(double number) {
		return String.format(Locale.ROOT, (number < 10 && number != Math.rint(number)) ? "%.1f" : "%,.0f", number);
	}

	/**
	 * A line.
	 *
	 * @param name its name
	 * @param colour its colour
	 * @param points one a category; not a number where there is none
	 */
	record Series(String name, String colour, List<Double> points) {

		IntStream places() {
			return IntStream.range(0, this.points.size()).filter((place) -> Double.isFinite(this.points.get(place)));
		}

		double last() {
			return this.points.get(places().max().orElseThrow());
		}

	}

}
