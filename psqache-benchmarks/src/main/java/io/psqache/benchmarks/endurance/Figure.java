package io.psqache.benchmarks.endurance;

import java.util.Locale;

/**
 * A number behind a finding.
 *
 * @param name what it is
 * @param value the number
 * @param unit what it counts
 */
record Figure(String name, double value, String unit) {

	String number() {
		double size = Math.abs(this.value);
		String format = (this.value == Math.rint(this.value) || size >= 1000) ? "%,.0f"
				: (size >= 10) ? "%.1f" : "%.3f";
		return (String.format(Locale.ROOT, format, this.value) + " " + this.unit).strip();
	}

}
