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

package io.psqache.internal.sweep;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the growth and reduction of steps.
 */
class StepSizeTests {

	@Test
	void sizeShrinksToOneRow() {
		StepSize size = new StepSize(1_000, true);
		assertThat(size.pages()).isEqualTo(1_000);
		for (int shrunk = 0; shrunk < StepSize.SIZES; shrunk++) {
			assertThat(size.isLeast()).isFalse();
			size.shrink();
		}
		assertThat(size.isLeast()).isTrue();
		size.shrink();
		assertThat(size.pages()).isOne();
		assertThat(size.rows()).isOne();
	}

	@Test
	void sizeGrowsToItsMaximum() {
		StepSize size = new StepSize(1_000, true);
		size.shrink();
		for (int grown = 0; grown < 20; grown++) {
			size.grow();
		}
		assertThat(size.pages()).isEqualTo(1_000);
		assertThat(size.rows()).isEqualTo(StepSize.ROWS);
	}

	@Test
	void stepsAreSmallWithASingleWorker() {
		StepSize size = new StepSize(1_000, false);
		assertThat(size.pages()).isEqualTo(125);
		assertThat(size.rows()).isEqualTo(StepSize.ROWS / 8);
		assertThat(new StepSize(1, false).pages()).isOne();
	}

}
