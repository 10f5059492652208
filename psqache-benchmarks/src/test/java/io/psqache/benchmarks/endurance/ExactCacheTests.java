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

package io.psqache.benchmarks.endurance;

import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExactCacheTests {

	private static final int[] TRACE = { 1, 2, 1, 3, 1, 2 };

	@Test
	void leastRecentlyUsedKeepsWhatIsReadAgain() {
		assertThat(ExactCache.leastRecentlyUsed(2).hitRatio(TRACE, 0)).isEqualTo(2.0 / 6);
	}

	@Test
	void firstInFirstOutEvictsWhatIsReadAgain() {
		assertThat(ExactCache.firstInFirstOut(2).hitRatio(TRACE, 0)).isEqualTo(1.0 / 6);
	}

	@Test
	void readsOfTheWarmUpDoNotCount() {
		assertThat(ExactCache.leastRecentlyUsed(2).hitRatio(TRACE, 2)).isEqualTo(2.0 / 4);
		assertThat(ExactCache.leastRecentlyUsed(2).hitRatio(TRACE, 5)).isZero();
	}

	/**
	 * Of 1,000 keys the most popular one has 1 / (1 + 1/2^0.99 + 1/3^0.99 + ...) of the
	 * reads, which is 13 %.
	 */
	@Test
	void zipfPrefersAFewKeys() {
		IntSupplier keys = Hits.zipf(1000, new Random(7));
		int[] counts = new int[1000];
		IntStream.range(0, 100_000).forEach((read) -> counts[keys.getAsInt()]++);
		assertThat(counts[0]).isBetween(12_000, 14_000);
		assertThat(IntStream.of(counts).filter((count) -> count > 0).count()).isGreaterThan(900);
	}

}
