package io.psqache.benchmarks.workload;

import java.util.Locale;

/**
 * Size of a value as JSON.
 *
 * @param bytes the size
 */
public record ValueSize(int bytes) implements Comparable<ValueSize> {

	private static final int KILO = 1024;

	/**
	 * The least that a product needs.
	 */
	private static final int SMALLEST = 100;

	/**
	 * All the data of a contender that keeps it as objects in the heap must fit there.
	 */
	private static final long DATA_LIMIT = 256L * KILO * KILO;

	public ValueSize {
		if (bytes < SMALLEST) {
			throw new IllegalArgumentException("A value has at least " + SMALLEST + " bytes, not " + bytes);
		}
	}

	/**
	 * Read a size.
	 * @param text such as 100, 1k or 16k
	 * @return the size
	 */
	public static ValueSize parse(String text) {
		String lower = text.toLowerCase(Locale.ROOT);
		return lower.endsWith("k") ? new ValueSize(KILO * Integer.parseInt(lower.substring(0, lower.length() - 1)))
				: new ValueSize(Integer.parseInt(lower));
	}

	/**
	 * How many entries of this size a run has.
	 * @param wanted how many were asked for
	 * @return that, or fewer where that many would not fit into 256 MB
	 */
	public int entries(int wanted) {
		return (int) Math.min(wanted, DATA_LIMIT / this.bytes);
	}

	@Override
	public int compareTo(ValueSize other) {
		return Integer.compare(this.bytes, other.bytes);
	}

	@Override
	public String toString() {
		return (this.bytes % KILO == 0) ? this.bytes / KILO + " KB" : this.bytes + " B";
	}

}
