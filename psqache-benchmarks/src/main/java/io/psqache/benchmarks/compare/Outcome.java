package io.psqache.benchmarks.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.psqache.benchmarks.support.Spread;
import org.jspecify.annotations.Nullable;

/**
 * What one contender did in all rounds of a scenario.
 *
 * @param contender its name
 * @param warmUp its warm-up
 * @param rounds its rounds; those with the same number ran at about the same time for all
 * contenders
 */
record Outcome(String contender, WarmUp warmUp, List<Measurement> rounds) {

	double median(ToDoubleFunction<Measurement> figure) {
		return Spread.of(this.rounds.stream().map(figure::applyAsDouble).toList()).median();
	}

	/**
	 * The ratios to another contender within each round, so that a slow moment of the
	 * machine affects both sides.
	 */
	Spread ratio(Outcome other, ToDoubleFunction<Measurement> figure) {
		return Spread.of(IntStream.range(0, this.rounds.size())
			.mapToObj((round) -> figure.applyAsDouble(this.rounds.get(round))
					/ figure.applyAsDouble(other.rounds.get(round)))
			.toList());
	}

	long errors() {
		return this.rounds.stream().mapToLong(Measurement::errors).sum();
	}

	@Nullable String firstError() {
		return this.rounds.stream()
			.map(Measurement::firstError)
			.filter((error) -> error != null)
			.findFirst()
			.orElse(null);
	}

}
