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

import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.psqache.CacheBounds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the evictions that a census plans.
 */
class CacheCensusTests {

	private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-01-01T00:00:00Z");

	@Test
	void cacheWithinItsBoundsEvictsNothing() {
		CacheCensus census = census(100L, 10_000L);
		add(census, 50, 100, 10_000);
		assertThat(census.eviction(1, 0)).isNull();
	}

	@Test
	void oldestClassIsEvictedAndAShareOfTheNext() {
		CacheCensus census = census(100L, null);
		add(census, 10, 60, 600);
		add(census, 20, 40, 400);
		add(census, 30, 20, 200);
		assertThat(census.eviction(1, 0)).as("25 of 120 are evicted: all 20 of class 30, 5 of 40 of class 20")
			.isEqualTo(new BoundEviction(1, micros(30), micros(20), 5.0 / 40));
	}

	@Test
	void shareOfEntriesUsedAtTheSameTimeIsEvicted() {
		CacheCensus census = census(100L, null);
		add(census, 10, 200, 200);
		BoundEviction eviction = eviction(census);
		assertThat(eviction.someMicros()).isEqualTo(micros(10));
		assertThat(eviction.share()).isEqualTo(105.0 / 200);
		assertThat(eviction.allMicros()).as("longer than any").isGreaterThan(TimeUnit.DAYS.toMicros(36_500));
	}

	@Test
	void excessBytesAreTakenFromTheOldestClass() {
		CacheCensus census = census(null, 1_000L);
		add(census, 10, 10, 500);
		add(census, 30, 2, 1_000);
		BoundEviction eviction = eviction(census);
		assertThat(eviction.someMicros()).isEqualTo(micros(30));
		assertThat(eviction.share()).as("550 of 1,500 bytes are evicted, and the old entries have 1,000")
			.isEqualTo(0.55);
	}

	@Test
	void largerExcessDeterminesTheShare() {
		CacheCensus census = census(100L, 1_000L);
		add(census, 10, 110, 2_000);
		assertThat(eviction(census).share()).as("1,050 of 2,000 bytes, 15 of 110 entries").isEqualTo(0.525);
	}

	@Test
	void boundOfOneKeepsOneEntry() {
		CacheCensus census = census(1L, null);
		add(census, 10, 1, 10);
		add(census, 30, 1, 10);
		assertThat(eviction(census)).isEqualTo(new BoundEviction(1, 9_000_000_000_000_000L, micros(30), 1));
	}

	@Test
	void expectedGrowthIsEvictedInAdvance() {
		CacheCensus before = census(1_000L, null);
		add(before, 10, 900, 900);
		CacheCensus census = census(1_000L, null);
		add(census, 10, 960, 960);
		census.evicted(10);
		assertThat(census.growthSince(before)).isEqualTo(70);
		assertThat(census.eviction(1, 40)).as("just full").isNull();
		assertThat(Objects.requireNonNull(census.eviction(1, 70)).share()).as("80 more than 950").isEqualTo(80.0 / 960);
		assertThat(Objects.requireNonNull(census.eviction(1, 10_000)).share()).as("a tenth of the bound at most")
			.isEqualTo(110.0 / 960);
	}

	@Test
	void deadEntriesDoNotCount() {
		CacheCensus census = census(100L, null);
		census.add(new PageStatistics(1, false, true, null, 1_000, 10_000, TIME, TIME));
		add(census, 10, 90, 900);
		assertThat(census.eviction(1, 0)).isNull();
		assertThat(census.entries()).isEqualTo(90);
		assertThat(census.dead()).isEqualTo(1_000);
		assertThat(census.headroom()).isEqualTo(10);
	}

	@Test
	void fullCacheIsCountedAgainAfterAFortieth() {
		CacheCensus census = census(1_000L, null);
		add(census, 10, 1_000, 1_000);
		assertThat(census.headroom()).isBetween(24L, 25L);
	}

	@Test
	void cacheWithoutBoundsOrWithHugeBoundsHasUnlimitedHeadroom() {
		CacheCensus none = new CacheCensus(CacheBounds.NONE);
		none.add(new PageStatistics(1, false, false, null, 1_000, 10_000, TIME, TIME));
		assertThat(none.eviction(1, 0)).isNull();
		assertThat(none.headroom()).isEqualTo(Long.MAX_VALUE);
		CacheCensus huge = census(Long.MAX_VALUE, Long.MAX_VALUE);
		assertThat(huge.eviction(1, 0)).isNull();
		assertThat(huge.headroom()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void unusedTimeIsThatOfTheOldestTwentieth() {
		CacheCensus census = census(1_000L, null);
		assertThat(census.unusedMillis()).isNull();
		add(census, 10, 60, 600);
		add(census, 200, 36, 360);
		add(census, 250, 4, 40);
		assertThat(census.unusedMillis()).as("the four oldest are less than a twentieth")
			.isEqualTo(micros(200) / 1_000);
	}

	@Test
	void writeTimesAreTheEarliestAndTheLatest() {
		CacheCensus census = new CacheCensus(CacheBounds.NONE);
		census.add(new PageStatistics(1, false, false, null, 1, 1, TIME, TIME.plusHours(3)));
		census.add(new PageStatistics(1, false, false, null, 1, 1, TIME.minusHours(1), TIME));
		assertThat(census.writtenFrom()).isEqualTo(TIME.minusHours(1));
		assertThat(census.writtenTo()).isEqualTo(TIME.plusHours(3));
	}

	private static long micros(int ageClass) {
		return (long) (1_000 * Math.exp(ageClass / 20.0));
	}

	private static CacheCensus census(@Nullable Long maxEntries, @Nullable Long maxBytes) {
		return new CacheCensus(new CacheBounds(maxEntries, maxBytes));
	}

	private static void add(CacheCensus census, int ageClass, long entries, long bytes) {
		census.add(new PageStatistics(1, false, false, ageClass, entries, bytes, TIME, TIME));
	}

	private static BoundEviction eviction(CacheCensus census) {
		return Objects.requireNonNull(census.eviction(1, 0));
	}

}
