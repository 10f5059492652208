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

import java.time.Duration;
import java.util.stream.IntStream;

import io.psqache.internal.sweep.Pace.Need;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the rest between two steps.
 */
class PaceTests {

	private static final Duration TOOK = Duration.ofMillis(30);

	private static final Sweep.Step NOTHING_TO_DELETE = new Sweep.Step(12_000, 0, 0, true);

	private final Pace pace = new Pace(Duration.ofSeconds(1));

	@Test
	void restIsTheIntervalIfThereIsLittleToDo() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, Need.NOTHING, TOOK)).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.pace.rest(new Sweep.Step(12_000, 60, 59, true), 10, Need.NOTHING, TOOK))
			.isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void walkOverLargeTableTakesAMinute() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 600, Need.NOTHING, TOOK)).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void worksHalfOfTheTimeIfThereIsMuchToDelete() {
		assertThat(this.pace.rest(new Sweep.Step(12_000, 120, 0, true), 10, Need.NOTHING, TOOK)).isEqualTo(TOOK);
		assertThat(this.pace.rest(new Sweep.Step(12_000, 0, 120, true), 10, Need.NOTHING, TOOK)).isEqualTo(TOOK);
		assertThat(this.pace.rest(new Sweep.Step(0, 60, 0, false), 10, Need.NOTHING, TOOK)).isEqualTo(TOOK);
	}

	@Test
	void fewDeletionsAreNotMuchInASmallTable() {
		assertThat(this.pace.rest(new Sweep.Step(10, 10, 0, true), 1, Need.NOTHING, TOOK))
			.isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void restIsAQuarterOfTheStepWhileABoundIsExceeded() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, Need.EVICTION, TOOK)).isEqualTo(TOOK.dividedBy(4));
	}

	@Test
	void walksForNothingSlowDown() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, Need.COUNT, TOOK)).isEqualTo(TOOK.dividedBy(4));
		this.pace.counted(false);
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, Need.COUNT, TOOK)).isEqualTo(TOOK.dividedBy(2));
		IntStream.range(0, 20).forEach((walk) -> this.pace.counted(false));
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, Need.COUNT, TOOK)).isEqualTo(TOOK.multipliedBy(16));
		this.pace.counted(true);
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, Need.COUNT, TOOK)).isEqualTo(TOOK.dividedBy(4));
	}

	@Test
	void worksAtMostAQuarterOfTheTimeInALargeTable() {
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 90_000, Need.NOTHING, TOOK)).isEqualTo(TOOK.multipliedBy(3));
	}

	@Test
	void restIsAtMostTheInterval() {
		Duration tookLong = Duration.ofSeconds(6);
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, Need.EVICTION, tookLong)).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.pace.rest(NOTHING_TO_DELETE, 10, Need.NOTHING, tookLong)).isEqualTo(Duration.ofSeconds(1));
	}

}
