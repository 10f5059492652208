package io.psqache.benchmarks.workload;

import java.util.Locale;

/**
 * What the callers do.
 */
public enum Workload {

	/**
	 * Read entries that are there.
	 */
	GET("get", 0),

	/**
	 * Read, one time in ten what is not there.
	 */
	GET90("get, 90 % hits", 0.1),

	/**
	 * Write over entries that are there.
	 */
	PUT("put", 0),

	/**
	 * Read, and one time in ten write.
	 */
	MIXED("mixed, 10 % put", 0.1),

	/**
	 * Write a fixed number of values and wait until the server has the last one: the only
	 * fair measure of a cache whose put returns before it is done.
	 */
	SUSTAINED("sustained put", 0);

	private final String title;

	private final double otherShare;

	Workload(String title, double otherShare) {
		this.title = title;
		this.otherShare = otherShare;
	}

	/**
	 * Share of the steps that are the other thing: a miss, or a put among reads.
	 * @return zero to one
	 */
	double otherShare() {
		return this.otherShare;
	}

	public static Workload parse(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT));
	}

	@Override
	public String toString() {
		return this.title;
	}

}
