package io.psqache.benchmarks.report;

import java.util.Locale;

/**
 * What a ratio must be.
 *
 * @param isLeast whether it must be at least the limit, or at most
 * @param limit the limit
 */
record Bound(boolean isLeast, double limit) {

	static Bound atLeast(double limit) {
		return new Bound(true, limit);
	}

	static Bound atMost(double limit) {
		return new Bound(false, limit);
	}

	boolean holds(double ratio) {
		return this.isLeast ? ratio >= this.limit : ratio <= this.limit;
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%s %.1f x", this.isLeast ? ">=" : "<=", this.limit);
	}

}
