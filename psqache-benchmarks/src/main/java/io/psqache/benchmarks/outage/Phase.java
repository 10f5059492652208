package io.psqache.benchmarks.outage;

/**
 * When a request was due.
 */
public enum Phase {

	BEFORE("before"),

	FIRST_SECOND("stopped: the first second"),

	STOPPED("stopped: after the first second"),

	RETURN("started: the first 5 s"),

	AFTER("after");

	private final String title;

	Phase(String title) {
		this.title = title;
	}

	@Override
	public String toString() {
		return this.title;
	}

}
