package io.psqache.benchmarks.measure;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * What a contender did in all rounds of a scenario.
 *
 * @param contender its name
 * @param rounds what it did in each round; the n-th round of all contenders of a scenario
 * was run at about the same time
 * @param warmUp what it did before them
 * @param heldMegabytes memory that puts which had returned still held, {@code null} where
 * that was not looked at
 */
public record Outcome(String contender, List<Measurement> rounds, WarmUp warmUp, @Nullable Double heldMegabytes) {

	public double median(ToDoubleFunction<Measurement> figure) {
		return spread(figure).median();
	}

	public Spread spread(ToDoubleFunction<Measurement> figure) {
		return Spread.of(this.rounds.stream().mapToDouble(figure));
	}

	/**
	 * This against another, round by round, so that what slowed the machine down for a
	 * while does not count.
	 * @param other the other
	 * @param figure what to compare
	 * @return this figure divided by that
	 */
	public Spread ratio(Outcome other, ToDoubleFunction<Measurement> figure) {
		int pairs = Math.min(this.rounds.size(), other.rounds.size());
		return Spread.of(IntStream.range(0, pairs)
			.mapToDouble((round) -> figure.applyAsDouble(this.rounds.get(round))
					/ figure.applyAsDouble(other.rounds.get(round))));
	}

	public long errors() {
		return this.rounds.stream().mapToLong(Measurement::errors).sum();
	}

	/**
	 * What was wrong first.
	 * @return the error, {@code null} if there was none
	 */
	public @Nullable String firstError() {
		return this.rounds.stream()
			.filter((round) -> round.firstError() != null)
			.map(Measurement::firstError)
			.findFirst()
			.orElse(null);
	}

}
