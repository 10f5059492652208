package io.psqache.benchmarks.outage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.psqache.benchmarks.report.MarkdownTable;
import org.HdrHistogram.Histogram;

/**
 * What became of the requests of each phase.
 *
 * @param latencies how long each took from when it was due, in nanoseconds
 * @param hits how many found their entry
 * @param failed how many threw
 * @param back how long after the database was started the cache had its first hit
 */
public record OutageReport(Map<Phase, Histogram> latencies, Map<Phase, Long> hits, long failed, Duration back) {

	/**
	 * The figures for people.
	 * @return a table in Markdown, and two lines
	 */
	public String table() {
		List<List<String>> rows = new ArrayList<>();
		this.latencies.forEach((phase,
				latency) -> rows.add(List.of(phase.toString(), "%,d".formatted(latency.getTotalCount()),
						"%,d".formatted(this.hits.getOrDefault(phase, 0L)), millis(latency, 50), millis(latency, 99),
						millis(latency, 99.9), millis(latency, 100))));
		return MarkdownTable.of(List.of("", "requests", "hits", "p50 ms", "p99 ms", "p99.9 ms", "max ms"), rows)
				+ "\nfailed requests: %d\nfirst hit after the server was started: %d ms\n".formatted(this.failed,
						this.back.toMillis());
	}

	private static String millis(Histogram latency, double percentile) {
		return String.format(Locale.ROOT, "%.3f", latency.getValueAtPercentile(percentile) / 1e6);
	}

}
