package io.psqache.store;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

/**
 * The lanes to PostgreSQL: as many threads as the pool has connections, each running one
 * request at a time, and one bounded queue before them. However many callers there are,
 * there are no more connections than lanes; past the bound a request fails at once.
 * <p>
 * No code of the application runs on a lane: a continuation that called the cache again
 * would wait for the lane it stands on.
 */
final class Lanes implements AutoCloseable {

	/**
	 * Requests that may wait. At a tenth of a millisecond each, four lanes take a quarter
	 * of a second to work this off: a longer queue would only collect requests that time
	 * out.
	 */
	private static final int QUEUE_CAPACITY = 10_000;

	private final DataSource connections;

	private final ThreadPoolExecutor threads;

	private final Duration grace;

	Lanes(DataSource connections, int count, Duration grace) {
		this.connections = connections;
		this.grace = grace;
		AtomicInteger number = new AtomicInteger();
		this.threads = new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS,
				new ArrayBlockingQueue<>(QUEUE_CAPACITY), (lane) -> {
					Thread thread = new Thread(lane, "psqache-lane-" + number.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
		this.threads.allowCoreThreadTimeOut(true);
	}

	<T> CompletableFuture<T> submit(Work<T> work) {
		Trip<T> trip = new Trip<>(work);
		try {
			this.threads.execute(trip);
		}
		catch (RejectedExecutionException ex) {
			trip.fail(this.threads.isShutdown() ? FailureCause.CLOSED : FailureCause.OVERLOADED);
		}
		return trip.answer;
	}

	/**
	 * Let what is under way finish for as long as a caller would wait for it; answer what
	 * still waits then with {@link FailureCause#CLOSED}.
	 */
	@Override
	public void close() {
		this.threads.shutdown();
		try {
			if (this.threads.awaitTermination(this.grace.toNanos(), TimeUnit.NANOSECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		for (Runnable waiting : this.threads.shutdownNow()) {
			((Trip<?>) waiting).fail(FailureCause.CLOSED);
		}
	}

	/**
	 * One request on its way.
	 */
	private final class Trip<T> implements Runnable {

		private final Work<T> work;

		private final CompletableFuture<T> answer = new CompletableFuture<>();

		Trip(Work<T> work) {
			this.work = work;
		}

		@Override
		public void run() {
			if (this.answer.isDone()) { // its caller has given up
				return;
			}
			try (Connection connection = Lanes.this.connections.getConnection()) {
				this.answer.complete(this.work.on(connection));
			}
			catch (Exception ex) {
				this.answer.completeExceptionally(StoreException.of(ex));
			}
		}

		void fail(FailureCause cause) {
			this.answer.completeExceptionally(new StoreException(cause, null));
		}

	}

}
