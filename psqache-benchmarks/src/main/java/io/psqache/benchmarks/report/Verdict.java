package io.psqache.benchmarks.report;

/**
 * Whether a target was reached, from best to worst.
 */
public enum Verdict {

	/**
	 * It was.
	 */
	REACHED("reached"),

	/**
	 * Nobody knows.
	 */
	NOT_MEASURED("n/a"),

	/**
	 * It was not.
	 */
	MISSED("missed"),

	/**
	 * There were errors, so that the figures mean nothing.
	 */
	FAILED("failed");

	private final String text;

	Verdict(String text) {
		this.text = text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
