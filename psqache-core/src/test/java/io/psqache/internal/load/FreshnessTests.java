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

package io.psqache.internal.load;

import java.time.Duration;

import io.psqache.LoadSettings;
import io.psqache.internal.store.EntryAge;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FreshnessTests {

	private static final LoadSettings FRESH_FOR_A_MINUTE = LoadSettings.defaults().withFreshFor(Duration.ofMinutes(1));

	private static EntryAge age(int seconds, @Nullable Duration timeLeft) {
		return new EntryAge(Duration.ofSeconds(seconds), timeLeft);
	}

	@Test
	void entryPastFreshForIsDue() {
		Freshness freshness = new Freshness(FRESH_FOR_A_MINUTE, () -> 0.99);
		assertThat(freshness.isRefreshDue(age(59, null))).isFalse();
		assertThat(freshness.isRefreshDue(age(60, null))).isTrue();
		assertThat(freshness.isStale(age(59, null))).isFalse();
		assertThat(freshness.isStale(age(60, null))).isTrue();
		assertThat(freshness.isRefreshDue(null)).as("not written yet").isFalse();
	}

	/**
	 * With a load of 10 s and a random number of 1 - 1/e, a reader refreshes 10 s early.
	 */
	@Test
	void entryIsDueEarlierByTheDurationOfALoad() {
		double random = 1 - Math.exp(-1);
		Freshness freshness = new Freshness(FRESH_FOR_A_MINUTE.withRefreshAhead(1), () -> random);
		assertThat(freshness.isRefreshDue(age(59, null))).as("no load has been measured").isFalse();
		freshness.loaded(System.nanoTime() - Duration.ofSeconds(10).toNanos());
		assertThat(freshness.isRefreshDue(age(49, null))).isFalse();
		assertThat(freshness.isRefreshDue(age(51, null))).isTrue();
		assertThat(freshness.isStale(age(51, null))).isFalse();
	}

	@Test
	void withoutFreshForTheTimeToLiveCounts() {
		double random = 1 - Math.exp(-1);
		Freshness freshness = new Freshness(LoadSettings.defaults().withRefreshAhead(2), () -> random);
		freshness.loaded(System.nanoTime() - Duration.ofSeconds(10).toNanos());
		assertThat(freshness.isRefreshDue(age(1, Duration.ofSeconds(21)))).isFalse();
		assertThat(freshness.isRefreshDue(age(1, Duration.ofSeconds(19)))).isTrue();
		assertThat(freshness.isRefreshDue(age(1, null))).as("never expires").isFalse();
	}

	@Test
	void nearEntryIsUsedOnlyWhileItsEntryIsFresh() {
		StoredValue stored = StoredValue.NULL.withTimeLeft(Duration.ofSeconds(50));
		Freshness freshness = new Freshness(FRESH_FOR_A_MINUTE);
		assertThat(freshness.whileFresh(stored, age(5, null)).timeLeft()).isEqualTo(Duration.ofSeconds(50));
		assertThat(freshness.whileFresh(stored, age(20, null)).timeLeft()).isEqualTo(Duration.ofSeconds(40));
		assertThat(freshness.whileFresh(stored, age(61, null)).timeLeft()).isEqualTo(Duration.ofSeconds(-1));
		assertThat(freshness.whileFresh(StoredValue.NULL, age(20, null)).timeLeft()).as("not from the database")
			.isNull();
		assertThat(new Freshness(LoadSettings.defaults()).whileFresh(stored, null).timeLeft())
			.isEqualTo(Duration.ofSeconds(50));
	}

}
