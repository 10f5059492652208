package io.psqache.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What all contenders do in turn, and one table of the report.
 *
 * @param workload what the callers do
 * @param valueBytes size of the values as JSON
 * @param callers who calls
 * @param keys which keys are called
 */
record Scenario(Workload workload, int valueBytes, Callers callers, KeyDistribution keys) {

	private static final int KILO = 1024;

	private static final int SMALLEST = 100;

	/**
	 * All values of a contender that keeps them in the heap fit into it.
	 */
	private static final long DATA_LIMIT = 256L * KILO * KILO;

	Scenario {
		if (valueBytes < SMALLEST) {
			throw new IllegalArgumentException(
					"A value has at least %d bytes, not %d.".formatted(SMALLEST, valueBytes));
		}
	}

	/**
	 * All combinations.
	 * @param workloads such as {@code get,put}
	 * @param sizes such as {@code 100,1k}
	 * @param callers such as {@code 32,v1000}
	 * @param keys such as {@code uniform,zipf}
	 */
	static List<Scenario> all(String workloads, String sizes, String callers, String keys) {
		return split(sizes).flatMap((size) -> split(workloads).flatMap((workload) -> split(keys)
			.flatMap((distribution) -> split(callers).map((count) -> new Scenario(Workload.parse(workload), bytes(size),
					Callers.parse(count), KeyDistribution.parse(distribution))))))
			.toList();
	}

	private static Stream<String> split(String list) {
		return Stream.of(list.split(",", -1)).map(String::strip);
	}

	private static int bytes(String size) {
		String lower = size.toLowerCase(Locale.ROOT);
		return lower.endsWith("k") ? KILO * Integer.parseInt(lower.substring(0, lower.length() - 1))
				: Integer.parseInt(lower);
	}

	/**
	 * The number of entries, fewer than requested if they would take more than 256 MB.
	 */
	int entries(int requested) {
		return (int) Math.min(requested, DATA_LIMIT / this.valueBytes);
	}

	Scenario with(Workload workload, Callers callers) {
		return new Scenario(workload, this.valueBytes, callers, this.keys);
	}

	String size() {
		return (this.valueBytes % KILO == 0) ? this.valueBytes / KILO + " KB" : this.valueBytes + " B";
	}

	@Override
	public String toString() {
		return "%s, %s, %s, %s keys".formatted(this.workload, size(), this.callers, this.keys);
	}

}
