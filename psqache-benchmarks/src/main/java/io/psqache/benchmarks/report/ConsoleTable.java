package io.psqache.benchmarks.report;

import java.util.Locale;
import java.util.stream.Collectors;

import io.psqache.benchmarks.measure.Spread;
import io.psqache.benchmarks.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Lays a result out for a terminal.
 */
final class ConsoleTable {

	private static final String HEAD = "%-18s %11s %9s %9s %9s %9s %9s  %s".formatted("", "calls/s", "p50 us", "p99 us",
			"p99.9 us", "JVM us", "server us", "x ");

	private ConsoleTable() {
	}

	static String of(ScenarioResult result) {
		boolean sustained = result.scenario().workload() == Workload.SUSTAINED;
		String rows = result.rows()
			.stream()
			.map((row) -> line(row) + ((sustained && row.errors() == 0) ? sustained(row) : ""))
			.collect(Collectors.joining("\n"));
		return "\n%s, %,d entries\n%s%s\n%s".formatted(result.scenario(), result.entries(), HEAD, result.baseline(),
				rows);
	}

	private static String line(Row row) {
		if (row.errors() > 0) {
			return "%-18s FAILED: %,d errors, the first: %s".formatted(row.contender(), row.errors(), row.firstError());
		}
		return String.format(Locale.ROOT, "%-18s %,11.0f %9.1f %9.1f %9.1f %9.1f %9s  %s", row.contender(),
				row.callsPerSecond(), row.p50(), row.p99(), row.p999(), row.jvmCpu(), number(row.serverCpu()),
				ratio(row.ratio()));
	}

	private static String number(@Nullable Double number) {
		return (number != null) ? String.format(Locale.ROOT, "%.1f", number) : "n/a";
	}

	static String ratio(@Nullable Spread ratio) {
		return (ratio != null)
				? String.format(Locale.ROOT, "%.2f (%.2f..%.2f)", ratio.median(), ratio.min(), ratio.max()) : "n/a";
	}

	private static String sustained(Row row) {
		return String.format(Locale.ROOT, ", applied %.0f ms after the last return, which held %s MB",
				row.drainMillis(), number(row.heldMegabytes()));
	}

}
