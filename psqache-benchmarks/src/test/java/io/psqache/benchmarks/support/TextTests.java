/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

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
