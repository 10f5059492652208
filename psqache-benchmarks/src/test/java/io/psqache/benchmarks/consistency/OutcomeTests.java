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

package io.psqache.benchmarks.consistency;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutcomeTests {

	@Test
	void staleReadsAreRelatedToAllJudgedReads() {
		Outcome outcome = new Outcome(CacheSetup.REDIS, 20_000, 0.876, 50, 12.34, 6, 7, 8, 240, null);
		assertThat(outcome.staleOf100000()).isEqualTo(250);
		assertThat(outcome.cells()).hasSameSizeAs(Outcome.COLUMNS)
			.containsExactly(CacheSetup.REDIS.description(), "20,000", "88 %", "50", "250", "12.3", "6", "7",
					"8 of 240");
	}

	@Test
	void failedCacheHasNoFigures() {
		Outcome outcome = Outcome.failed(CacheSetup.REDIS, new IllegalStateException("no Redis"));
		assertThat(outcome.cells()).hasSize(2).last().asString().contains("failed", "no Redis");
	}

}
