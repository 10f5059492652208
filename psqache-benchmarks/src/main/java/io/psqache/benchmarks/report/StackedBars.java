package io.psqache.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * Draws what a sum is made of: one bar each, the parts from full to faint.
 *
 * @param title what it shows
 * @param footnote where it comes from
 * @param parts names of the parts
 * @param bars the bars, from top to bottom
 */
record StackedBars(String title, String footnote, List<String> parts, List<Bar> bars) {

	private static final int WIDTH = 820;

	private static final int LEFT = 160;

	private static final int RIGHT = 700;

	private static final int TOP = 70;

	private static final int STEP = 34;

	private static final List<Double> OPACITIES = List.of(1.0, 0.5);

	String draw() {
		int bottom = TOP + STEP * this.bars.size();
		Svg svg = new Svg(WIDTH, bottom + 60, this.title);
		svg.text(20, 28, "class=\"ink\" font-size=\"15\" font-weight=\"600\"", this.title);
		svg.text(20, 48, "class=\"faint\"",
				"full colour: " + this.parts.get(0) + "; faint colour: " + this.parts.get(1));
		double most = this.bars.stream().mapToDouble(Bar::sum).max().orElse(1);
		List<Double> marks = new LinearScale().marks(0, most);
		double scale = (RIGHT - LEFT) / marks.get(marks.size() - 1);
		for (double mark : marks) {
			svg.gridLine(LEFT + mark * scale, TOP - 6, LEFT + mark * scale, bottom)
				.text(LEFT + mark * scale, bottom + 16, "class=\"faint\" text-anchor=\"middle\"", number(mark));
		}
		for (int place = 0; place < this.bars.size(); place++) {
			draw(this.bars.get(place), TOP + place * STEP, scale, svg);
		}
		return svg.text(20, bottom + 46, "class=\"faint\" font-size=\"11\"", this.footnote).toString();
	}

	private void draw(Bar bar, double top, double scale, Svg svg) {
		svg.text(LEFT - 10, top + 16, "class=\"ink\" text-anchor=\"end\"", bar.name());
		double from = LEFT;
		for (int part = 0; part < bar.figures().size(); part++) {
			double width = bar.figures().get(part) * scale;
			svg.rectangle(from, top, width, STEP - 12, bar.colour(), OPACITIES.get(part),
					bar.name() + ", " + this.parts.get(part) + ": " + number(bar.figures().get(part)));
			from += width;
		}
		svg.text(from + 8, top + 16, "class=\"ink\"", number(bar.sum()));
	}

	private static String number(double number) {
		return String.format(Locale.ROOT, (number == Math.rint(number)) ? "%.0f" : "%.1f", number);
	}

	/**
	 * A bar.
	 *
	 * @param name its name
	 * @param colour its colour
	 * @param figures its parts
	 */
	record Bar(String name, String colour, List<Double> figures) {

		double sum() {
			return this.figures.stream().mapToDouble(Double::doubleValue).sum();
		}

	}

}
