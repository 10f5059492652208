package io.psqache.benchmarks.measure;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class CompilerWatchTests {

	private long nowMillis = 1000;

	private long compiledMillis = 500;

	private final CompilerWatch watch = new CompilerWatch(WarmUpLimit.parse("3..30"),
			() -> TimeUnit.MILLISECONDS.toNanos(this.nowMillis), () -> this.compiledMillis);

	@Test
	void takesTheLeastTimeEvenIfNothingIsCompiled() {
		assertThat(isOverAfter(2900, 0)).isFalse();
		assertThat(isOverAfter(100, 0)).isTrue();
		assertThat(this.watch.result().seconds()).isCloseTo(3, within(0.001));
	}

	@Test
	void goesOnUntilTheCompilerHasBeenQuietForTheLastTwoSeconds() {
		for (int half = 0; half < 20; half++) {
			assertThat(isOverAfter(500, 400)).isFalse();
		}
		assertThat(isOverAfter(500, 0)).isFalse();
		assertThat(isOverAfter(500, 0)).isFalse();
		assertThat(isOverAfter(500, 0)).isFalse();
		assertThat(isOverAfter(500, 90)).isTrue();
		assertThat(this.watch.result().compiling()).isCloseTo(0.045, within(0.001));
	}

	@Test
	void endsAtTheMostTimeHoweverBusyTheCompilerIs() {
		for (int second = 1; second < 30; second++) {
			assertThat(isOverAfter(1000, 900)).isFalse();
		}
		assertThat(isOverAfter(1000, 900)).isTrue();
		assertThat(this.watch.result().compiling()).isCloseTo(0.9, within(0.001));
	}

	@Test
	void looksBackNoFurtherThanTheWarmUpItself() {
		CompilerWatch brief = new CompilerWatch(WarmUpLimit.parse("0.2..2"),
				() -> TimeUnit.MILLISECONDS.toNanos(this.nowMillis), () -> this.compiledMillis);
		this.nowMillis += 200;
		this.compiledMillis += 200;
		assertThat(brief.isOver()).isFalse();
		this.nowMillis += 200;
		assertThat(brief.isOver()).isTrue();
	}

	@Test
	void limitsMustMakeSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> WarmUpLimit.parse("3..2"));
		assertThatIllegalArgumentException().isThrownBy(() -> WarmUpLimit.parse("0"));
	}

	private boolean isOverAfter(long millis, long compiling) {
		this.nowMillis += millis;
		this.compiledMillis += compiling;
		return this.watch.isOver();
	}

}
