package io.psqache.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.Concurrently;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Requests that share a statement. To make sure that they do, a lock keeps the lanes busy
 * until all of them wait.
 */
class CoalescingIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	private final EntryStore store = new EntryStore(this.pool, 4, TestCaches.SCHEMA, Duration.ofSeconds(30));

	private final CacheHandle books = this.store.cache("test", "books");

	private final CacheHandle users = this.store.cache("test", "users");

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
		put(this.books, "known", 0).join();
		put(this.users, "known", 1).join();
	}

	@AfterEach
	void close() {
		this.store.close();
		this.pool.close();
		this.database.close();
	}

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
			assertThat(value.map(StoredValue::json))
				.isEqualTo((i % 150 < 100) ? Optional.of("" + i % 150) : Optional.empty());
		}
		assertThat(reads.get(300).join().map(StoredValue::json)).contains("1");
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
			assertThat(get(this.books, "key" + key).join().map(StoredValue::json)).contains("" + last);
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
			assertThat(get(this.books, "key" + key).join().map(StoredValue::json))
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
	void cancelledRequestIsNotRun() {
		List<CompletableFuture<Boolean>> puts = new ArrayList<>();
		whileLanesAreBusy(() -> {
			puts.add(put(this.books, "cancelled", 1));
			puts.get(0).cancel(false);
			puts.add(put(this.books, "wanted", 2));
		});
		assertThat(puts.get(1).join()).isTrue();
		assertThat(get(this.books, "cancelled").join()).isEmpty();
	}

	@Test
	void interruptedCallerThatWaitsIsToldAndStaysInterrupted() {
		whileLanesAreBusy(() -> {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> this.store.get(this.books, "known", null).await())
				.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.INTERRUPTED));
			assertThat(Thread.interrupted()).isTrue();
		});
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

	@Test
	void statementThatTakesTooLongIsCancelledAndDoesNotHappenLater() throws Exception {
		EntryStore impatient = new EntryStore(this.pool, 2, TestCaches.SCHEMA, Duration.ofMillis(200));
		CacheHandle cache = impatient.cache("test", "books");
		impatient.get(cache, "known", null).await();
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> impatient.put(cache, "late", StoredValue.NULL, Lifetime.FOREVER).await())
				.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.TIMEOUT));
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 0);
		}
		impatient.close();
		assertThat(get(this.books, "late").get(30, TimeUnit.SECONDS)).isEmpty();
	}

	/**
	 * A lock on the table holds up every statement; the first ones take all four lanes.
	 */
	private void whileLanesAreBusy(Runnable requests) {
		List<CompletableFuture<?>> first = new ArrayList<>();
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			Concurrently.awaitThat(() -> { // one lane may have taken them all: then send
											// more
				String key = "busy" + first.size();
				first.add(get(this.users, key));
				first.add(this.store.evict(this.users, key).async());
				return this.database.locksWaitedFor() == 4;
			});
			requests.run();
		}
		first.forEach(CompletableFuture::join);
	}

	private CompletableFuture<Boolean> put(CacheHandle cache, String key, int value) {
		return this.store.put(cache, key, StoredValue.json("" + value, "java.lang.Integer"), Lifetime.FOREVER).async();
	}

	private CompletableFuture<Optional<StoredValue>> get(CacheHandle cache, String key) {
		return this.store.get(cache, key, null).async();
	}

}
