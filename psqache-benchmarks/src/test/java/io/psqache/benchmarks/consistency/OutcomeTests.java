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
