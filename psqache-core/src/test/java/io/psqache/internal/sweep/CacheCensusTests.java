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
 * What is to go of a cache that has too much.
 */
class CacheCensusTests {

	private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-01-01T00:00:00Z");

	@Test
	void nothingGoesOfACacheWithinItsBounds() {
		CacheCensus tally = tally(100L, 10_000L);
		add(tally, 50, 100, 10_000);
		assertThat(tally.eviction(1, 0)).isNull();
	}

	@Test
	void whatWasUnusedForLongestGoesAndAShareOfTheNext() {
		CacheCensus tally = tally(100L, null);
		add(tally, 10, 60, 600);
		add(tally, 20, 40, 400);
		add(tally, 30, 20, 200);
		assertThat(tally.eviction(1, 0)).as("25 of 120 are to go: all 20 of class 30, 5 of 40 of class 20")
			.isEqualTo(new BoundEviction(1, micros(30), micros(20), 5.0 / 40));
	}

	@Test
	void allThatWereUsedAtTheSameTimeGoInShares() {
		CacheCensus tally = tally(100L, null);
		add(tally, 10, 200, 200);
		BoundEviction eviction = eviction(tally);
		assertThat(eviction.someMicros()).isEqualTo(micros(10));
		assertThat(eviction.share()).isEqualTo(105.0 / 200);
		assertThat(eviction.allMicros()).as("longer than any").isGreaterThan(TimeUnit.DAYS.toMicros(36_500));
	}

	@Test
	void sizeCountsAsItLiesAmongTheOld() {
		CacheCensus tally = tally(null, 1_000L);
		add(tally, 10, 10, 500);
		add(tally, 30, 2, 1_000);
		BoundEviction eviction = eviction(tally);
		assertThat(eviction.someMicros()).isEqualTo(micros(30));
		assertThat(eviction.share()).as("550 of 1,500 bytes are to go, and the old ones have 1,000").isEqualTo(0.55);
	}

	@Test
	void theBoundThatIsFurtherExceededDecides() {
		CacheCensus tally = tally(100L, 1_000L);
		add(tally, 10, 110, 2_000);
		assertThat(eviction(tally).share()).as("1,050 of 2,000 bytes, 15 of 110 entries").isEqualTo(0.525);
	}

	@Test
	void oneEntryIsAllowedWhereOneIsTheBound() {
		CacheCensus tally = tally(1L, null);
		add(tally, 10, 1, 10);
		add(tally, 30, 1, 10);
		assertThat(eviction(tally)).isEqualTo(new BoundEviction(1, 9_000_000_000_000_000L, micros(30), 1));
	}

	@Test
	void whatWillHaveBeenAddedMeanwhileIsMadeRoomFor() {
		CacheCensus before = tally(1_000L, null);
		add(before, 10, 900, 900);
		CacheCensus tally = tally(1_000L, null);
		add(tally, 10, 960, 960);
		tally.evicted(10);
		assertThat(tally.growthSince(before)).isEqualTo(70);
		assertThat(tally.eviction(1, 40)).as("just full").isNull();
		assertThat(Objects.requireNonNull(tally.eviction(1, 70)).share()).as("80 more than 950").isEqualTo(80.0 / 960);
		assertThat(Objects.requireNonNull(tally.eviction(1, 10_000)).share()).as("a tenth of the bound at most")
			.isEqualTo(110.0 / 960);
	}

	@Test
	void deadEntriesTakeNoRoom() {
		CacheCensus tally = tally(100L, null);
		tally.add(new PageStatistics(1, false, true, null, 1_000, 10_000, TIME, TIME));
		add(tally, 10, 90, 900);
		assertThat(tally.eviction(1, 0)).isNull();
		assertThat(tally.entries()).isEqualTo(90);
		assertThat(tally.dead()).isEqualTo(1_000);
		assertThat(tally.room()).isEqualTo(10);
	}

	@Test
	void fullCacheIsWorthAnotherLookAfterAFortieth() {
		CacheCensus tally = tally(1_000L, null);
		add(tally, 10, 1_000, 1_000);
		assertThat(tally.room()).isBetween(24L, 25L);
	}

	@Test
	void cacheWithoutBoundsOrWithBoundlessOnesHasRoomForAny() {
		CacheCensus none = new CacheCensus(CacheBounds.NONE);
		none.add(new PageStatistics(1, false, false, null, 1_000, 10_000, TIME, TIME));
		assertThat(none.eviction(1, 0)).isNull();
		assertThat(none.room()).isEqualTo(Long.MAX_VALUE);
		CacheCensus huge = tally(Long.MAX_VALUE, Long.MAX_VALUE);
		assertThat(huge.eviction(1, 0)).isNull();
		assertThat(huge.room()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void entriesAreUnusedForAsLongAsTheTwentiethThatWouldGoNext() {
		CacheCensus tally = tally(1_000L, null);
		assertThat(tally.unusedMillis()).isNull();
		add(tally, 10, 60, 600);
		add(tally, 200, 36, 360);
		add(tally, 250, 4, 40);
		assertThat(tally.unusedMillis()).as("the four oldest are less than a twentieth").isEqualTo(micros(200) / 1_000);
	}

	@Test
	void timesAreTheEarliestAndTheLatest() {
		CacheCensus tally = new CacheCensus(CacheBounds.NONE);
		tally.add(new PageStatistics(1, false, false, null, 1, 1, TIME, TIME.plusHours(3)));
		tally.add(new PageStatistics(1, false, false, null, 1, 1, TIME.minusHours(1), TIME));
		assertThat(tally.writtenFrom()).isEqualTo(TIME.minusHours(1));
		assertThat(tally.writtenTo()).isEqualTo(TIME.plusHours(3));
	}

	private static long micros(int ageClass) {
		return (long) (1_000 * Math.exp(ageClass / 20.0));
	}

	private static CacheCensus tally(@Nullable Long maxEntries, @Nullable Long maxBytes) {
		return new CacheCensus(new CacheBounds(maxEntries, maxBytes));
	}

	private static void add(CacheCensus tally, int ageClass, long entries, long bytes) {
		tally.add(new PageStatistics(1, false, false, ageClass, entries, bytes, TIME, TIME));
	}

	private static BoundEviction eviction(CacheCensus tally) {
		return Objects.requireNonNull(tally.eviction(1, 0));
	}

}
