package io.psqache.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.Concurrently;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Requests that get no answer: cancelled, interrupted, on a connection that breaks, or
 * too late. Nobody else is the worse for it, and no lane is lost.
 */
class UnansweredRequestsIntegrationTests extends LanesFixture {

	/**
	 * The last ones are turned away when the first have waited in vain.
	 */
	private static final Set<FailureCause> UNANSWERED = Set.of(FailureCause.TIMEOUT, FailureCause.SUSPENDED);

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
	void whatWaitsTooLongInTheQueueIsToldAndNotRun() {
		EntryStore impatient = new EntryStore(this.pool, 2, TestCaches.SCHEMA, Duration.ofMillis(200));
		CacheHandle cache = impatient.cache("test", "books");
		Concurrently.awaitThat(() -> impatient.get(cache, "known", null).await().value().isPresent());
		List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
		try (TestDatabase.Lock lock = this.database.lock("psqache.entry")) {
			for (int i = 0; i < 50; i++) { // each needs a statement of its own
				waiting.add(impatient.putIfAbsent(cache, "late" + i, StoredValue.NULL, Lifetime.FOREVER).async());
			}
			assertThat(failureOf(() -> impatient.put(cache, "late", StoredValue.NULL, Lifetime.FOREVER).await()))
				.isIn(UNANSWERED);
			assertThat(waiting).allSatisfy((request) -> assertThat(failureOf(request::join)).isIn(UNANSWERED));
			// one may have been taken from the queue just before its time was over
			Concurrently.awaitThat(
					() -> impatient.queuedWrites() == 0 && this.pool.getHikariPoolMXBean().getActiveConnections() == 0
							&& this.database.locksWaitedFor() == 0);
		}
		impatient.close();
		assertThat(this.database.query("select count(*) from psqache.entry where key like 'late%'")).isEqualTo("0");
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

	private static boolean isInTimedWait(@Nullable Thread thread) {
		return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
	}

}
