package io.psqache.benchmarks.compare;

import java.util.Locale;

/**
 * What the callers do.
 */
enum Workload {

	/**
	 * Reads of entries that are there.
	 */
	GET("get"),

	/**
	 * Reads, of which one in ten misses.
	 */
	GET90("get, 90 % hits"),

	/**
	 * Writes over entries that are there.
	 */
	PUT("put"),

	/**
	 * Reads, and one write in ten calls.
	 */
	MIXED("mixed, 10 % put");

	private final String title;

	Workload(String title) {
		this.title = title;
	}

	static Workload parse(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT));
	}

	@Override
	public String toString() {
		return this.title;
	}

}
