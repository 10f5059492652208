package io.psqache.benchmarks.support;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TextTests {

	@Test
	void barInACellDoesNotEndIt() {
		assertThat(Text.table(List.of("a", "b"), List.of(List.of("1|2", "3")))).isEqualTo("""
				| a | b |
				|---|---|
				| 1\\|2 | 3 |
				""");
	}

	@Test
	void findingSaysBoundFigureAndVerdict() {
		assertThat(
				Finding.markdown(List.of(new Finding("get", ">= 1", "get 1: 2; get 8: 0.5", Finding.Verdict.MISSED))))
			.contains("| get | >= 1 | get 1: 2<br>get 8: 0.5 | **missed** |");
	}

	@Test
	void spreadHasTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
		assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9)).hasToString("2.00 (1.00..9.00)");
		assertThat(Spread.of(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
	}

	@Test
	void numbersHaveAsManyDigitsAsHelp() {
		assertThat(List.of(Text.number(12345.6), Text.number(12.34), Text.number(1.2346), Text.number(3)))
			.containsExactly("12,346", "12.3", "1.235", "3");
	}

}
