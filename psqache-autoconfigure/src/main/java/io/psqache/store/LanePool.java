package io.psqache.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.sql.DataSource;

/**
 * All lanes of a store: half of them for reads, which share a queue, and half for writes,
 * each with a queue of its own: a key always takes the same one, so that writes of one
 * key keep their order, on however many lanes. A single lane serves both.
 */
final class LanePool {

	private final ThreadPoolExecutor threads;

	private final Watchdog watchdog;

	private final Lanes reads;

	private final Lanes[] writes;

	private final Duration timeout;

	private final int readers;

	LanePool(DataSource pool, int count, Duration timeout, StoreMonitor monitor) {
		this.timeout = timeout;
		this.threads = threads(count);
		this.watchdog = new Watchdog(timeout);
		Connections connections = new Connections(pool, timeout, this.watchdog, monitor);
		int writers = count / 2;
		this.readers = count - writers;
		this.reads = new Lanes(connections, this.readers, this.threads);
		this.writes = (writers == 0) ? new Lanes[] { this.reads }
				: Stream.generate(() -> new Lanes(connections, 1, this.threads)).limit(writers).toArray(Lanes[]::new);
	}

	private static ThreadPoolExecutor threads(int count) {
		AtomicInteger number = new AtomicInteger();
		ThreadPoolExecutor threads = new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (lane) -> {
					Thread thread = new Thread(lane, "psqache-lane-" + number.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
		threads.allowCoreThreadTimeOut(true);
		return threads;
	}

	Watchdog watchdog() {
		return this.watchdog;
	}

	Lanes reads() {
		return this.reads;
	}

	/**
	 * Whether reads go on by another lane while one is taken.
	 */
	boolean hasSpareReader() {
		return this.readers > 1;
	}

	/**
	 * The lane that writes something.
	 * @param subject what is written: equal subjects take the same lane
	 */
	Lanes writes(Object subject) {
		return this.writes[Math.floorMod(subject.hashCode(), this.writes.length)];
	}

	int queuedReads() {
		return this.reads.queued();
	}

	/**
	 * How many writes wait, where they do not wait among the reads.
	 */
	int queuedWrites() {
		return Stream.of(this.writes).filter((lanes) -> lanes != this.reads).mapToInt(Lanes::queued).sum();
	}

	/**
	 * Turn away whatever waits for a lane.
	 */
	void refuse() {
		all().forEach((lanes) -> lanes.refuse(FailureCause.SUSPENDED));
	}

	private Stream<Lanes> all() {
		return Stream.concat(Stream.of(this.reads), Stream.of(this.writes));
	}

	/**
	 * Let what is under way and what waits finish for as long as a caller would wait for
	 * it; fail what still waits then.
	 */
	void close() {
		CompletableFuture<?>[] idle = all().map(Lanes::close).toArray(CompletableFuture<?>[]::new);
		try {
			CompletableFuture.allOf(idle).get(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			// What still waits is told below.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.threads.shutdown();
		all().forEach(Lanes::abandon);
		this.watchdog.close();
	}

}
