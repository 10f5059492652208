package io.psqache.benchmarks.workload;

/**
 * One thing that all contenders do in turn: a table of the report.
 *
 * @param workload what is done
 * @param size of the values
 * @param callers how many do it at a time
 * @param keys which keys they ask for
 */
public record Scenario(Workload workload, ValueSize size, Callers callers, KeyDistribution keys) {

	@Override
	public String toString() {
		return "%s, %s, %s, %s keys".formatted(this.workload, this.size, this.callers, this.keys);
	}

}
