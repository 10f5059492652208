package io.psqache.benchmarks.endurance;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExactCacheTests {

	private static final int[] READ_AGAIN = { 1, 2, 1, 3, 1, 2 };

	@Test
	void whatWasUsedLongestAgoGoesFirst() {
		ExactCache cache = ExactCache.leastRecentlyUsed(2);
		assertThat(hits(cache, READ_AGAIN)).containsExactly(false, false, true, false, true, false);
	}

	@Test
	void whatWasPutFirstGoesFirstHoweverOftenItIsRead() {
		ExactCache cache = ExactCache.firstInFirstOut(2);
		assertThat(hits(cache, READ_AGAIN)).containsExactly(false, false, true, false, false, false);
	}

	@Test
	void theHitRatioIsOfThoseBehindTheWarmUp() {
		assertThat(ExactCache.leastRecentlyUsed(2).hitRatio(READ_AGAIN, 2)).isEqualTo(2.0 / 4);
		assertThat(ExactCache.firstInFirstOut(2).hitRatio(READ_AGAIN, 2)).isEqualTo(1.0 / 4);
	}

	private static boolean[] hits(ExactCache cache, int... trace) {
		boolean[] hits = new boolean[trace.length];
		for (int place = 0; place < trace.length; place++) {
			hits[place] = cache.ask(trace[place]);
		}
		return hits;
	}

}
