package io.psqache.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.IntStream;

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
			assertThat(value.map(CoalescingIntegrationTests::json))
				.isEqualTo((i % 150 < 100) ? Optional.of("" + i % 150) : Optional.empty());
		}
		assertThat(reads.get(300).join().map(CoalescingIntegrationTests::json)).contains("1");
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
			assertThat(get(this.books, "key" + key).join().map(CoalescingIntegrationTests::json)).contains("" + last);
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
			assertThat(get(this.books, "key" + key).join().map(CoalescingIntegrationTests::json))
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
	void callerInterruptedWhileItWaitsIsToldAndItsRequestIsNotRun() {
		whileLanesAreBusy(() -> {
			AtomicReference<Thread> waiting = new AtomicReference<>();
			Future<List<@Nullable Object>> caller = Concurrently.start(1, (number) -> {
				waiting.set(Thread.currentThread());
				FailureCause cause = failureOf(
						() -> this.store.put(this.books, "interrupted", StoredValue.NULL, Lifetime.FOREVER).await());
				return cause + " " + Thread.interrupted();
			});
			Concurrently.awaitThat(() -> isInTimedWait(waiting.get()));
			Objects.requireNonNull(waiting.get()).interrupt();
			assertThat(answer(caller)).isEqualTo("INTERRUPTED true");
		});
		assertThatNoLaneIsLost();
		assertThat(get(this.books, "interrupted").join()).isEmpty();
	}

	/**
	 * A platform thread that reads from a socket takes no notice; a virtual one closes
	 * the socket, and the pool must replace the connection.
	 */
	@Test
	void callerInterruptedWhileItDrivesALaneStaysInterruptedAndLosesNoLane() {
		AtomicReference<Thread> driving = new AtomicReference<>();
		Future<List<@Nullable Object>> caller;
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			caller = Concurrently.start(1, (number) -> {
				driving.set(Thread.currentThread());
				try {
					this.store.get(this.books, "known", null).await();
				}
				catch (StoreException ex) {
					assertThat(ex.failureCause()).isEqualTo(FailureCause.UNAVAILABLE);
				}
				return Thread.interrupted();
			});
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			Objects.requireNonNull(driving.get()).interrupt();
		}
		assertThat(answer(caller)).isEqualTo(true);
		assertThatNoLaneIsLost();
	}

	@Test
	void cancelledRequestsLeaveNothingInTheQueueAndNothingInTheDatabase() {
		whileLanesAreBusy(() -> {
			for (int i = 0; i < Lanes.QUEUE_CAPACITY / 2; i++) {
				assertThat(get(this.books, "known").cancel(false)).isTrue();
				assertThat(put(this.books, "cancelled" + i % 10, i).cancel(false)).isTrue();
			}
		});
		assertThatNoLaneIsLost();
		assertThatTheQueueIsEmpty();
		assertThat(this.database.query("select count(*) from psqache.entry where key like 'cancelled%'"))
			.isEqualTo("0");
	}

	@Test
	void requestsCancelledWhileTheyAreUnderWayLoseNoLane() {
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			busyLanes().forEach((underWay) -> underWay.cancel(false));
		}
		assertThatNoLaneIsLost();
	}

	@Test
	void brokenConnectionFailsWhatIsOnItAlone() {
		CompletableFuture<Optional<StoredValue>> other;
		CompletableFuture<Optional<StoredValue>> next;
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			CompletableFuture<Optional<StoredValue>> broken = get(this.books, "known");
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			String backend = this.database.query("select pid from pg_stat_activity "
					+ "where datname = current_database() and wait_event_type = 'Lock'");
			other = get(this.books, "known");
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2);
			next = get(this.users, "known");
			this.database.query("select pg_terminate_backend(" + backend + ")");
			assertThat(failureOf(broken::join)).isEqualTo(FailureCause.UNAVAILABLE);
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2); // afresh
			assertThat(other).isNotDone();
			assertThat(next).isNotDone();
		}
		assertThat(other.join()).isPresent();
		assertThat(next.join()).isPresent();
		assertThatNoLaneIsLost();
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
	void whatWaitsTooLongInTheQueueIsToldAndNotRun() {
		EntryStore impatient = new EntryStore(this.pool, 2, TestCaches.SCHEMA, Duration.ofMillis(200));
		CacheHandle cache = impatient.cache("test", "books");
		Concurrently.awaitThat(() -> impatient.get(cache, "known", null).await().isPresent());
		List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			for (int i = 0; i < 50; i++) { // each needs a statement of its own
				waiting.add(impatient.putIfAbsent(cache, "late" + i, StoredValue.NULL, Lifetime.FOREVER).async());
			}
			assertThat(failureOf(() -> impatient.put(cache, "late", StoredValue.NULL, Lifetime.FOREVER).await()))
				.isEqualTo(FailureCause.TIMEOUT);
			assertThat(waiting)
				.allSatisfy((request) -> assertThat(failureOf(request::join)).isEqualTo(FailureCause.TIMEOUT));
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 0);
		}
		impatient.close();
		assertThat(this.database.query("select count(*) from psqache.entry where key like 'late%'")).isEqualTo("0");
	}

	@Test
	void closingLetsWhatIsQueuedFinish() {
		List<CompletableFuture<?>> queued = new ArrayList<>();
		List<CompletableFuture<?>> closing = new ArrayList<>();
		whileLanesAreBusy(() -> {
			for (int i = 0; i < 300; i++) {
				queued.add(get(this.books, "known"));
				queued.add(put(this.books, "key" + i, i));
			}
			closing.add(closing());
		});
		assertThat(queued).allSatisfy((request) -> assertThat(request).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(closing.get(0)).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(failureOf(() -> this.store.get(this.books, "known", null).await())).isEqualTo(FailureCause.CLOSED);
	}

	/**
	 * A caller and a thread of the store drive a lane each, something waits, and the
	 * store is closed. The caller is the first to be done.
	 */
	@Test
	void callerThatDrivesALaneIsAnsweredThoughTheStoreIsClosedMeanwhile() {
		CompletableFuture<?> onTheOtherLane;
		CompletableFuture<?> queued;
		CompletableFuture<?> closing;
		try (TestDatabase.Lock entries = this.database.lock("psqache.entry")) {
			Future<List<@Nullable Object>> caller;
			try (TestDatabase.Lock caches = this.database.lock("psqache.cache")) {
				caller = Concurrently.start(1, (number) -> this.store.probe("test").await().schemaMissing());
				Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
				onTheOtherLane = get(this.books, "known");
				Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 2);
				queued = get(this.books, "known");
				closing = closing();
			}
			assertThat(answer(caller)).isEqualTo(false);
			assertThat(onTheOtherLane).isNotDone();
		}
		assertThat(onTheOtherLane).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(queued).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
	}

	/**
	 * A caller drives the lane, another waits for the same one, and no thread of the
	 * store is at work when it is closed.
	 */
	@Test
	void closingWaitsForALaneThatACallerDrives() {
		Future<List<@Nullable Object>> caller;
		CompletableFuture<Boolean> queued;
		CompletableFuture<Void> closing;
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			caller = Concurrently.start(1, (number) -> this.store.evict(this.books, "known").await());
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() == 1);
			queued = this.store.evict(this.books, "known").async();
			closing = closing();
			assertThat(closing).isNotDone();
			assertThat(queued).isNotDone();
		}
		assertThat(answer(caller)).isEqualTo(true);
		assertThat(queued).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(false);
		assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
	}

	/**
	 * Keys of one lane, and more pending puts than go together with the eviction.
	 */
	@Test
	void whoIsWaitedForGoesBeforePendingPuts() {
		List<String> keys = IntStream.range(0, 20_000)
			.mapToObj((number) -> "key" + number)
			.filter((key) -> key.hashCode() % 2 == 0)
			.limit(5_000)
			.toList();
		LongAdder stored = new LongAdder();
		List<CompletableFuture<Long>> storedBefore = new ArrayList<>();
		whileLanesAreBusy(() -> {
			keys.forEach((key) -> putBehind(key, stored));
			storedBefore.add(this.store.evict(this.users, keys.get(0)).async().thenApply((evicted) -> stored.sum()));
		});
		assertThat(storedBefore.get(0)).succeedsWithin(30, TimeUnit.SECONDS)
			.satisfies((number) -> assertThat(number).isLessThan(5_000));
		Concurrently.awaitThat(() -> stored.sum() == 5_000);
	}

	private void putBehind(String key, LongAdder stored) {
		this.store.putBehind(this.books, key, StoredValue.json("1", "java.lang.Integer"), Lifetime.FOREVER,
				new PutListener() {

					@Override
					public void stored() {
						stored.increment();
					}

					@Override
					public void failed(StoreException failure) {
						throw new AssertionError(failure);
					}

				}, true);
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

	private static String json(StoredValue value) {
		return new String(Objects.requireNonNull(value.payload()), StandardCharsets.UTF_8);
	}

	/**
	 * A lock on the table holds up every statement; the first ones take all four lanes.
	 */
	private void whileLanesAreBusy(Runnable requests) {
		List<CompletableFuture<?>> first;
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			first = busyLanes();
			requests.run();
		}
		first.forEach(CompletableFuture::join);
	}

	private List<CompletableFuture<?>> busyLanes() {
		List<CompletableFuture<?>> first = new ArrayList<>();
		Concurrently.awaitThat(() -> { // one lane may have taken them all: then send more
			String key = "busy" + first.size();
			first.add(get(this.users, key));
			first.add(this.store.evict(this.users, key).async());
			return this.database.locksWaitedFor() == 4;
		});
		return first;
	}

	/**
	 * All four work at the same time, and then have given back their connections.
	 */
	private void assertThatNoLaneIsLost() {
		whileLanesAreBusy(() -> {
		});
		Concurrently.awaitThat(() -> this.pool.getHikariPoolMXBean().getActiveConnections() == 0);
		assertThat(this.pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(4);
	}

	/**
	 * It takes as much as it ever did; a few places may be those that keep the lanes
	 * busy.
	 */
	private void assertThatTheQueueIsEmpty() {
		List<CompletableFuture<?>> requests = new ArrayList<>();
		whileLanesAreBusy(() -> {
			for (int i = 0; i < Lanes.QUEUE_CAPACITY - 500; i++) {
				requests.add(get(this.books, "known"));
			}
		});
		assertThat(requests).allSatisfy((request) -> assertThat(request).succeedsWithin(30, TimeUnit.SECONDS));
	}

	/**
	 * Begin to close the store, and come back when it takes no more.
	 */
	private CompletableFuture<Void> closing() {
		CompletableFuture<Void> closing = CompletableFuture.runAsync(this.store::close);
		List<CompletableFuture<?>> later = new ArrayList<>();
		Concurrently.awaitThat(() -> {
			later.add(get(this.books, "known"));
			return later.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
		});
		return closing;
	}

	private static boolean isInTimedWait(@Nullable Thread thread) {
		return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
	}

	private static @Nullable Object answer(Future<List<@Nullable Object>> caller) {
		try {
			return caller.get(30, TimeUnit.SECONDS).get(0);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
	}

	private static FailureCause failureOf(Supplier<?> request) {
		try {
			Object answer = request.get();
			throw new AssertionError("No failure but an answer: " + answer);
		}
		catch (StoreException ex) {
			return ex.failureCause();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof StoreException cause) {
				return cause.failureCause();
			}
			throw ex;
		}
	}

	private CompletableFuture<Boolean> put(CacheHandle cache, String key, int value) {
		return this.store.put(cache, key, StoredValue.json("" + value, "java.lang.Integer"), Lifetime.FOREVER).async();
	}

	private CompletableFuture<Optional<StoredValue>> get(CacheHandle cache, String key) {
		return this.store.get(cache, key, null).async();
	}

}
