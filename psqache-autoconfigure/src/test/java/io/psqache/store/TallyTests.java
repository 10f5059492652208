package io.psqache.store;

import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is to go of a cache that has too much.
 */
class TallyTests {

	private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-01-01T00:00:00Z");

	@Test
	void nothingGoesOfACacheWithinItsBounds() {
		Tally tally = tally(100L, 10_000L);
		add(tally, 50, 100, 10_000);
		assertThat(tally.eviction(1, "now")).isNull();
		assertThat(tally.room()).isZero();
	}

	@Test
	void whatWasUnusedForLongestGoesUntilFivePercentAreFree() {
		Tally tally = tally(100L, null);
		add(tally, 10, 60, 600);
		add(tally, 20, 40, 400);
		add(tally, 30, 20, 200);
		Eviction eviction = eviction(tally);
		assertThat(eviction.left()).as("120 - 95").isEqualTo(25);
		assertThat(eviction.unusedMillis()).as("all of class 30 and some of class 20").isEqualTo((long) Math.exp(1));
	}

	@Test
	void sizeCountsAsItLiesAmongTheOld() {
		Tally tally = tally(null, 1_000L);
		add(tally, 10, 10, 500);
		add(tally, 30, 2, 1_000);
		Eviction eviction = eviction(tally);
		assertThat(eviction.left()).as("550 of 1,500 bytes, and the old ones have 500 each").isEqualTo(2);
		assertThat(eviction.unusedMillis()).isEqualTo((long) Math.exp(1.5));
	}

	@Test
	void theBoundThatIsFurtherExceededDecides() {
		Tally tally = tally(100L, 1_000L);
		add(tally, 10, 110, 2_000);
		assertThat(eviction(tally).left()).as("1,050 of 2,000 bytes").isEqualTo(58);
	}

	@Test
	void deadEntriesTakeNoRoom() {
		Tally tally = tally(100L, null);
		tally.add(new Find(1, true, null, 1_000, 10_000, TIME, TIME, TIME));
		add(tally, 10, 90, 900);
		assertThat(tally.eviction(1, "now")).isNull();
		assertThat(tally.entries()).isEqualTo(90);
		assertThat(tally.dead()).isEqualTo(1_000);
		assertThat(tally.room()).isEqualTo(10);
	}

	@Test
	void cacheWithoutBoundsHasRoomForAny() {
		Tally tally = new Tally(Bounds.NONE);
		tally.add(new Find(1, false, null, 1_000, 10_000, TIME, TIME, TIME));
		assertThat(tally.eviction(1, "now")).isNull();
		assertThat(tally.room()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void timesAreTheEarliestAndTheLatest() {
		Tally tally = new Tally(Bounds.NONE);
		tally.add(new Find(1, false, null, 1, 1, TIME, TIME.plusHours(3), TIME.plusHours(2)));
		tally.add(new Find(1, false, null, 1, 1, TIME.minusHours(1), TIME, TIME.plusHours(1)));
		assertThat(tally.writtenFrom()).isEqualTo(TIME.minusHours(1));
		assertThat(tally.writtenTo()).isEqualTo(TIME.plusHours(3));
		assertThat(tally.usedFrom()).isEqualTo(TIME.plusHours(1));
	}

	private static Tally tally(@Nullable Long maxEntries, @Nullable Long maxBytes) {
		return new Tally(new Bounds(maxEntries, maxBytes));
	}

	private static void add(Tally tally, int ageClass, long entries, long bytes) {
		tally.add(new Find(1, false, ageClass, entries, bytes, TIME, TIME, TIME));
	}

	private static Eviction eviction(Tally tally) {
		Eviction eviction = tally.eviction(1, "now");
		assertThat(eviction).isNotNull();
		return (eviction != null) ? eviction : new Eviction(0, "", 0, 0);
	}

}
