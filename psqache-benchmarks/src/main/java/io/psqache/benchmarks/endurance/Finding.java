package io.psqache.benchmarks.endurance;

import io.psqache.benchmarks.report.Verdict;

/**
 * One line of what psqache must reach, and whether it did.
 *
 * @param target what was looked at
 * @param bound what it must be
 * @param measured what it was
 * @param verdict whether that suffices
 */
record Finding(String target, String bound, String measured, Verdict verdict) {

	String text() {
		return "%-8s %s: %s; measured %s".formatted(this.verdict, this.target, this.bound, this.measured);
	}

}
