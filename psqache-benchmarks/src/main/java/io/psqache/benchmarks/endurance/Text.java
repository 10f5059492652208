package io.psqache.benchmarks.endurance;

import java.util.Locale;

/**
 * Prints what is measured.
 */
final class Text {

	private Text() {
	}

	static String percent(double share) {
		return String.format(Locale.ROOT, "%.2f %%", 100 * share);
	}

	static String ratio(double ratio) {
		return String.format(Locale.ROOT, "%.2f x", ratio);
	}

	/**
	 * A time, or that it has not come.
	 */
	static String seconds(double seconds) {
		return Double.isNaN(seconds) ? "not reached" : String.format(Locale.ROOT, "%.1f s", seconds);
	}

}
