package io.psqache.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Requests that share a statement. To make sure that they do, a lock keeps the lanes busy
 * until all of them wait.
 */
class CoalescingIntegrationTests extends LanesFixture {

	@Test
	void readsOfManyKeysAndCachesAreAnsweredEachWithItsOwn() {
		for (int i = 0; i < 100; i++) {
			put(this.books, "key" + i, i).join();
		}
		List<CompletableFuture<Optional<StoredValue>>> reads = new ArrayList<>();
		whileLanesAreBusy(() -> {
			for (int i = 0; i < 300; i++) {
				reads.add(get(this.books, "key" + i % 150));
			}
			reads.add(get(this.users, "known"));
		});
		for (int i = 0; i < 300; i++) {
			Optional<StoredValue> value = reads.get(i).join();
			assertThat(value.map(LanesFixture::json))
				.isEqualTo((i % 150 < 100) ? Optional.of("" + i % 150) : Optional.empty());
		}
		assertThat(reads.get(300).join().map(LanesFixture::json)).contains("1");
	}

	@Test
	void lastPutOfAKeyWinsAndAllSucceed() {
		List<CompletableFuture<Boolean>> puts = new ArrayList<>();
		whileLanesAreBusy(() -> {
			for (int i = 0; i < 500; i++) {
				puts.add(put(this.books, "key" + i % 7, i));
			}
		});
		assertThat(puts).allSatisfy((put) -> assertThat(put.join()).isTrue());
		for (int key = 0; key < 7; key++) {
			int last = 499 - Math.floorMod(499 - key, 7);
			assertThat(get(this.books, "key" + key).join().map(LanesFixture::json)).contains("" + last);
		}
	}

	@Test
	void oneRefusedValueFailsAlone() {
		List<CompletableFuture<Boolean>> puts = new ArrayList<>();
		whileLanesAreBusy(() -> {
			for (int i = 0; i < 50; i++) {
				StoredValue value = StoredValue.json((i == 25) ? "{" : "1", "java.lang.Integer");
				puts.add(this.store.put(this.books, "key" + i, value, Lifetime.FOREVER).async());
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
				assertThat(get(this.books, "key" + i).join()).isPresent();
			}
		}
	}

	@Test
	void writesOfOneKeyKeepTheirOrder() {
		Random random = new Random(42);
		List<CompletableFuture<Boolean>> answers = new ArrayList<>();
		@Nullable Integer[] expected = new Integer[20];
		whileLanesAreBusy(() -> {
			for (int i = 0; i < 2_000; i++) {
				int key = random.nextInt(20);
				boolean evict = random.nextInt(3) == 0;
				answers
					.add(evict ? this.store.evict(this.books, "key" + key).async() : put(this.books, "key" + key, i));
				expected[key] = evict ? null : i;
			}
		});
		answers.forEach(CompletableFuture::join);
		for (int key = 0; key < 20; key++) {
			Integer value = expected[key];
			assertThat(get(this.books, "key" + key).join().map(LanesFixture::json))
				.isEqualTo((value != null) ? Optional.of(value.toString()) : Optional.empty());
		}
	}

	@Test
	void evictionsTellWhichWerePresent() {
		put(this.books, "present", 1).join();
		List<CompletableFuture<Boolean>> evictions = new ArrayList<>();
		whileLanesAreBusy(() -> {
			evictions.add(this.store.evict(this.books, "present").async());
			evictions.add(this.store.evict(this.books, "absent").async());
		});
		assertThat(evictions.get(0).join()).isTrue();
		assertThat(evictions.get(1).join()).isFalse();
	}

	@Test
	void oneRefusedKeyFailsAlone() {
		String refused = "\u0000";
		List<CompletableFuture<?>> good = new ArrayList<>();
		List<CompletableFuture<?>> bad = new ArrayList<>();
		whileLanesAreBusy(() -> {
			for (int i = 0; i < 50; i++) {
				good.add(get(this.books, "known"));
				good.add(this.store.evict(this.books, "evicted" + i).async());
				good.add(put(this.books, "put" + i, i));
				if (i == 25) {
					bad.add(get(this.books, refused));
					bad.add(put(this.books, refused, 1));
					bad.add(this.store.evict(this.books, refused).async());
				}
			}
		});
		assertThat(bad).allSatisfy((request) -> assertThat(failureOf(request::join)).isEqualTo(FailureCause.REJECTED));
		assertThat(good).allSatisfy((request) -> assertThat(request).succeedsWithin(30, TimeUnit.SECONDS));
	}

	@Test
	void thousandsOfCallersShareFewConnections() {
		List<CompletableFuture<Optional<StoredValue>>> reads = new ArrayList<>();
		whileLanesAreBusy(() -> {
			for (int i = 0; i < 9_000; i++) {
				reads.add(get(this.books, "known"));
			}
		});
		assertThat(reads).allSatisfy((read) -> assertThat(read.join()).isPresent());
		assertThat(this.pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(4);
	}

}
