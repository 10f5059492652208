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

package io.psqache.internal.near;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import io.psqache.test.Concurrently;
import io.psqache.NearSettings;
import io.psqache.internal.store.KeyHash;
import io.psqache.internal.store.StoredValue;
import io.psqache.internal.store.TimedValues;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class NearCacheTests {

	private static final Decoder LISTS = (stored) -> new ArrayList<>(List.of(stored.type()));

	private final Liveness liveness = new Liveness();

	private final NearSettings settings = NearSettings.defaults().withEnabled(true);

	private NearCache cache = cache(this.settings);

	private NearCache cache(NearSettings settings) {
		return new NearCache(settings, new ImmutableTypes(Set.of()), false, this.liveness);
	}

	@BeforeEach
	void listen() {
		this.liveness.confirm(System.nanoTime() + Duration.ofMinutes(10).toNanos());
	}

	@Test
	void whatWasReadIsFoundAgain() {
		fill("key", "value");
		assertThat(get("key")).isEqualTo("value");
		assertThat(this.cache.statistics().hits()).isEqualTo(1);
	}

	@Test
	void readThatBeganBeforeTheEntryChangedLeavesNoCopy() {
		PendingNearEntry fill = begin("key");
		this.cache.drop(KeyHash.of("key"));
		fill.with(TimedValues.text("old"), new SimpleValueWrapper("old"), LISTS);
		assertThat(get("key")).isNull();
		assertThat(this.cache.indexed()).isZero();
	}

	@Test
	void readThatBeganBeforeTheCacheWasClearedLeavesNoCopy() {
		PendingNearEntry fill = begin("key");
		this.cache.dropAll();
		fill.with(TimedValues.text("old"), new SimpleValueWrapper("old"), LISTS);
		assertThat(get("key")).isNull();
	}

	@Test
	void changeRemovesEveryKeyOfTheEntry() {
		fill(1, "1", "one");
		fill(1L, "1", "one");
		fill(2, "2", "two");
		this.cache.drop(KeyHash.of("1"));
		assertThat(get(1)).isNull();
		assertThat(get(1L)).isNull();
		assertThat(get(2)).isEqualTo("two");
		assertThat(this.cache.indexed()).isEqualTo(1);
	}

	@Test
	void immutableValueIsShared() {
		Object value = "shared by all".substring(0, 6);
		fill("key", value);
		assertThat(get("key")).isSameAs(value);
	}

	@Test
	void mutableValueIsMadeAnewForEachCaller() {
		List<String> value = new ArrayList<>(List.of("a"));
		fill("key", value);
		value.add("spoilt");
		((List<?>) Objects.requireNonNull(get("key"))).clear();
		assertThat(get("key")).isEqualTo(List.of("stored"));
	}

	@Test
	void sharedValueOfOneViewIsNotGivenToAnother() {
		Decoder other = (stored) -> 42;
		fill("key", "value");
		assertThat(this.cache.get("key", other)).isNull();
		begin("key").with(TimedValues.text("stored"), new SimpleValueWrapper(42), other);
		assertThat(valueOf(this.cache.get("key", other))).isEqualTo(42);
		assertThat(get("key")).as("both decode from now on").isEqualTo(List.of("stored"));
	}

	@Test
	void copyLivesNoLongerThanItsEntry() {
		begin("key").with(TimedValues.text("stored", Duration.ofNanos(1)), new SimpleValueWrapper("v"), LISTS);
		assertThat(get("key")).isNull();
	}

	@Test
	void entryThatIdlesIsReadAgainBeforeItIsTooLateToProlongIt() {
		this.cache = new NearCache(this.settings, new ImmutableTypes(Set.of()), true, this.liveness);
		Duration timeLeft = Duration.ofSeconds(8);
		long begun = System.nanoTime();
		begin("key").with(TimedValues.text("stored", timeLeft), new SimpleValueWrapper("v"), LISTS);
		Concurrently.awaitThat(() -> get("key") == null);
		assertThat(System.nanoTime() - begun).as("a near entry is used for 1/16 of the time left")
			.isLessThan(timeLeft.toNanos());
	}

	@Test
	void copyLivesNoLongerThanTheCacheSays() {
		this.cache = cache(this.settings.withTimeToLive(Duration.ofMillis(20)));
		fill("key", "value");
		Concurrently.awaitThat(() -> get("key") == null);
	}

	@Test
	void whatDoesNotComeFromTheDatabaseLeavesNoCopy() {
		begin("key").with(StoredValue.json("1", "pending"), new SimpleValueWrapper(1), LISTS);
		assertThat(get("key")).isNull();
	}

	@Test
	void entriesAreBounded() {
		this.cache = cache(this.settings.withMaxEntries(10));
		for (int i = 0; i < 100; i++) {
			fill(i, "" + i, "value");
		}
		assertThat(this.cache.size()).isLessThanOrEqualTo(10);
		assertThat(this.cache.indexed()).isEqualTo((int) this.cache.size());
	}

	@Test
	void bytesAreBounded() {
		this.cache = cache(this.settings.withMaxEntries(1_000).withMaxSize(DataSize.ofBytes(1_000)));
		for (int i = 10; i < 100; i++) {
			fill(i, "" + i, "value"); // of 2 bytes, and 98 in the text
		}
		assertThat(this.cache.size()).isBetween(1L, 10L);
	}

	@Test
	void nothingIsUsedWhileNothingIsHeard() {
		fill("key", "value");
		this.liveness.lost();
		assertThat(get("key")).isNull();
		assertThat(this.cache.begin("key", "key")).isNull();
		assertThat(this.cache.statistics().bypasses()).isEqualTo(1);
		assertThat(this.cache.statistics().misses()).isZero();
	}

	/**
	 * Writers that raise the version of an entry and drop its copies, and readers that
	 * fill and read them, on few keys: no read may find a version older than the last
	 * whose writer was done when the read began. {@code -Dpsqache.test.operations} runs
	 * it for longer.
	 */
	@Test
	void noReadFindsWhatWasChangedBeforeItBegan() throws Exception {
		int keys = 4;
		long operations = Long.getLong("psqache.test.operations", 2_000_000);
		this.cache = cache(this.settings.withMaxEntries(3)); // so that some are evicted
		AtomicLongArray database = new AtomicLongArray(keys);
		AtomicLongArray acknowledged = new AtomicLongArray(keys);
		AtomicLong left = new AtomicLong(operations);
		AtomicLong hits = new AtomicLong();
		long seed = Long.getLong("psqache.test.seed", System.nanoTime());
		List<@Nullable Object> violations = Concurrently.start(6, (number) -> {
			RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(seed + number);
			while (left.getAndDecrement() > 0) {
				int key = random.nextInt(keys);
				if (number == 0 || (number == 1 && random.nextInt(8) == 0)) {
					long version = database.incrementAndGet(key);
					if (random.nextInt(50) == 0) {
						this.cache.dropAll();
					}
					else {
						this.cache.drop(KeyHash.of("" + key));
					}
					acknowledged.accumulateAndGet(key, version, Math::max);
					continue;
				}
				long least = acknowledged.get(key);
				Object found = get(key);
				if (found instanceof Long version) {
					hits.incrementAndGet();
					if (version < least) {
						return "read " + version + " after " + least + ", seed " + seed;
					}
				}
				else {
					PendingNearEntry fill = begin(key, "" + key);
					long read = database.get(key);
					if (random.nextInt(4) == 0) {
						// Other threads change the key between the read and the fill.
						LockSupport.parkNanos(random.nextInt(2_000));
					}
					fill.with(TimedValues.text("stored"), new SimpleValueWrapper(read), LISTS);
				}
			}
			return null;
		}).get(10, TimeUnit.MINUTES);
		assertThat(violations).containsOnlyNulls();
		assertThat(hits.get()).isPositive();
		this.cache.dropAll();
		assertThat(this.cache.indexed()).isZero();
	}

	private PendingNearEntry begin(Object key) {
		return begin(key, key.toString());
	}

	private PendingNearEntry begin(Object key, String storedKey) {
		PendingNearEntry fill = this.cache.begin(key, storedKey);
		if (fill == null) {
			throw new AssertionError("Bypassed");
		}
		return fill;
	}

	private void fill(Object key, Object value) {
		fill(key, key.toString(), value);
	}

	private void fill(Object key, String storedKey, Object value) {
		begin(key, storedKey).with(TimedValues.text("stored"), new SimpleValueWrapper(value), LISTS);
	}

	private @Nullable Object get(Object key) {
		return valueOf(this.cache.get(key, LISTS));
	}

	private static @Nullable Object valueOf(@Nullable ValueWrapper wrapper) {
		return (wrapper != null) ? wrapper.get() : null;
	}

}
