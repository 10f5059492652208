package io.psqache.benchmarks.report;

import java.util.Locale;

/**
 * Writes the elements of a drawing. It has a background of its own that follows the
 * reader's light or dark theme, so that it can be read wherever it is shown. Not
 * thread-safe.
 */
final class Svg {

	private static final String HEAD = """
			<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" \
			font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="12">
			<title>%3$s</title>
			<style>
			.paper { fill: #ffffff } .ink { fill: #24292f } .faint { fill: #57606a } .grid { stroke: #d0d7de }
			@media (prefers-color-scheme: dark) {
			.paper { fill: #0d1117 } .ink { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #30363d }
			}
			</style>
			<rect class="paper" width="100%%" height="100%%" rx="6"/>
			""";

	private final StringBuilder text = new StringBuilder();

	Svg(int width, int height, String title) {
		this.text.append(HEAD.formatted(width, height, escaped(title)));
	}

	Svg text(double x, double y, String attributes, String content) {
		return add("<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>", x, y, attributes, escaped(content));
	}

	Svg gridLine(double x1, double y1, double x2, double y2) {
		return add("<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x1, y1, x2, y2);
	}

	Svg line(String points, String colour, double width) {
		return add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" "
				+ "stroke-linejoin=\"round\"/>", points, colour, width);
	}

	Svg dot(double x, double y, String colour, String hint) {
		return add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"><title>%s</title></circle>", x, y, colour,
				escaped(hint));
	}

	Svg rectangle(double x, double y, double width, double height, String colour, double opacity, String hint) {
		return add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" fill-opacity=\"%.2f\">"
				+ "<title>%s</title></rect>", x, y, width, height, colour, opacity, escaped(hint));
	}

	private Svg add(String element, Object... values) {
		this.text.append(String.format(Locale.ROOT, element, values)).append('\n');
		return this;
	}

	private static String escaped(String content) {
		return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	@Override
	public String toString() {
		return this.text + "</svg>\n";
	}

}
