package io.psqache.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

import io.psqache.benchmarks.measure.Spread;
import org.jspecify.annotations.Nullable;

/**
 * What became of a target.
 *
 * @param target its name
 * @param bound what was asked for
 * @param parts what was measured in each of its scenarios
 */
record TargetResult(String target, Bound bound, List<Part> parts) {

	/**
	 * That of the worst part: a target is reached where it is reached everywhere.
	 */
	Verdict verdict() {
		return this.parts.stream().map(Part::verdict).max(Comparator.naturalOrder()).orElse(Verdict.NOT_MEASURED);
	}

	String measured() {
		return this.parts.stream()
			.map((part) -> part.scenario() + ": " + ConsoleTable.ratio(part.ratio()))
			.collect(Collectors.joining(", "));
	}

	/**
	 * What was measured in one scenario.
	 *
	 * @param scenario which
	 * @param ratio what was measured; {@code null} if nothing was
	 * @param verdict whether that suffices
	 */
	record Part(String scenario, @Nullable Spread ratio, Verdict verdict) {
	}

}
