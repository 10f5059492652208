package io.psqache.benchmarks.support;

import java.util.List;
import java.util.Locale;

/**
 * A target and what was measured for it.
 *
 * @param target the target
 * @param bound what it must be
 * @param measured the true figures
 * @param verdict whether they pass
 */
public record Finding(String target, String bound, String measured, Verdict verdict) {

	public static String markdown(List<Finding> findings) {
		return Text.table(List.of("target", "must be", "measured", ""),
				findings.stream()
					.map((finding) -> List.of(finding.target, finding.bound, finding.measured.replace("; ", "<br>"),
							"**" + finding.verdict + "**"))
					.toList());
	}

	@Override
	public String toString() {
		return "%-12s %s: %s; measured %s".formatted(this.verdict, this.target, this.bound, this.measured);
	}

	/**
	 * The verdict on a target, from best to worst.
	 */
	public enum Verdict {

		PASSED, NOT_MEASURED, MISSED,

		/**
		 * There were errors, so the figures mean nothing.
		 */
		FAILED;

		public static Verdict of(boolean passed) {
			return passed ? PASSED : MISSED;
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', ' ');
		}

	}

}
