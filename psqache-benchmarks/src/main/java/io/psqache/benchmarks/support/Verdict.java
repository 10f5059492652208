package io.psqache.benchmarks.support;

import java.util.Locale;

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
