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

package io.psqache.internal.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.psqache.FailureCause;
import io.psqache.test.TestStores;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests operations that share a statement. A lock keeps the workers busy until all
 * operations are queued, so that they share one.
 */
class CoalescingIntegrationTests extends WorkersFixture {

	@Test
	void readsOfManyKeysAndCachesAreAnsweredEachWithItsOwn() {
		for (int i = 0; i < 100; i++) {
			put(this.books, "key" + i, i).join();
		}
		List<CompletableFuture<@Nullable String>> reads = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < 300; i++) {
				reads.add(get(this.books, "key" + i % 150));
			}
			reads.add(get(this.users, "known"));
		});
		for (int i = 0; i < 300; i++) {
			assertThat(reads.get(i).join()).isEqualTo((i % 150 < 100) ? "" + i % 150 : null);
		}
		assertThat(reads.get(300).join()).isEqualTo("1");
	}

	@Test
	void lastPutOfAKeyWinsAndAllSucceed() {
		List<CompletableFuture<Boolean>> puts = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < 500; i++) {
				puts.add(put(this.books, "key" + i % 7, i));
			}
		});
		assertThat(puts).allSatisfy((put) -> assertThat(put.join()).isTrue());
		for (int key = 0; key < 7; key++) {
			int last = 499 - Math.floorMod(499 - key, 7);
			assertThat(get(this.books, "key" + key).join()).isEqualTo("" + last);
		}
	}

	@Test
	void oneRefusedValueFailsAlone() {
		List<CompletableFuture<Boolean>> puts = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < 50; i++) {
				StoredValue value = StoredValue.json((i == 25) ? "{" : "1", "java.lang.Integer");
				puts.add(this.store.put(this.books, "key" + i, TestStores.entry(value)).in(CallMode.ASYNC));
			}
		});
		for (int i = 0; i < 50; i++) {
			CompletableFuture<Boolean> put = puts.get(i);
			if (i == 25) {
				assertThatExceptionOfType(Exception.class).isThrownBy(put::join)
					.withStackTraceContaining(FailureCause.REJECTED.description());
			}
			else {
				assertThat(put.join()).isTrue();
				assertThat(get(this.books, "key" + i).join()).isEqualTo("1");
			}
		}
	}

	@Test
	void writesOfOneKeyKeepTheirOrder() {
		Random random = new Random(42);
		List<CompletableFuture<Boolean>> answers = new ArrayList<>();
		@Nullable Integer[] expected = new Integer[20];
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < 2_000; i++) {
				int key = random.nextInt(20);
				boolean evict = random.nextInt(3) == 0;
				answers.add(evict ? evict(this.books, "key" + key) : put(this.books, "key" + key, i));
				expected[key] = evict ? null : i;
			}
		});
		answers.forEach(CompletableFuture::join);
		for (int key = 0; key < 20; key++) {
			Integer value = expected[key];
			assertThat(get(this.books, "key" + key).join()).isEqualTo((value != null) ? value.toString() : null);
		}
	}

	@Test
	void evictionsTellWhichWerePresent() {
		put(this.books, "present", 1).join();
		List<CompletableFuture<Boolean>> evictions = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			evictions.add(evict(this.books, "present"));
			evictions.add(evict(this.books, "absent"));
		});
		assertThat(evictions.get(0).join()).isTrue();
		assertThat(evictions.get(1).join()).isFalse();
	}

	@Test
	void oneRefusedKeyFailsAlone() {
		String refused = "\u0000";
		List<CompletableFuture<?>> good = new ArrayList<>();
		List<CompletableFuture<?>> bad = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < 50; i++) {
				good.add(get(this.books, "known"));
				good.add(evict(this.books, "evicted" + i));
				good.add(put(this.books, "put" + i, i));
				if (i == 25) {
					bad.add(put(this.books, refused, 1));
					bad.add(evict(this.books, refused));
				}
			}
		});
		assertThat(bad)
			.allSatisfy((operation) -> assertThat(failureOf(operation::join)).isEqualTo(FailureCause.REJECTED));
		assertThat(good).allSatisfy((operation) -> assertThat(operation).succeedsWithin(30, TimeUnit.SECONDS));
	}

	@Test
	void thousandsOfCallersShareFewConnections() {
		List<CompletableFuture<@Nullable String>> reads = new ArrayList<>();
		whileWorkersAreBusy(() -> {
			for (int i = 0; i < 9_000; i++) {
				reads.add(get(this.books, "known"));
			}
		});
		assertThat(reads).allSatisfy((read) -> assertThat(read.join()).isEqualTo("0"));
		assertThat(this.pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(4);
	}

}
