package io.psqache.store;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks now and then whether a write has taken longer than it may, and has PostgreSQL
 * cancel it. The driver's own query timeout would do the same with a timer task a
 * statement, which wakes another thread each time: a third of the time of a put by one
 * caller. This one looks a few times per time limit, and sleeps while nothing is written.
 */
final class Watchdog implements AutoCloseable {

	/**
	 * Half of what a {@link Lane} grants before it breaks the connection.
	 */
	private static final Duration MAX_PERIOD = Lane.GRACE.dividedBy(2);

	private final Set<Lane> writing = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean awake = new AtomicBoolean();

	private final ScheduledThreadPoolExecutor timer;

	private final long periodNanos;

	/**
	 * Create a watchdog.
	 * @param timeout how long a write may take
	 */
	Watchdog(Duration timeout) {
		this.periodNanos = Math.min(timeout.toNanos() / 20, MAX_PERIOD.toNanos());
		this.timer = new ScheduledThreadPoolExecutor(1, (look) -> {
			Thread thread = new Thread(look, "psqache-watchdog");
			thread.setDaemon(true);
			return thread;
		});
		this.timer.setKeepAliveTime(10, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
		this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	void watch(Lane lane) {
		this.writing.add(lane);
		wake();
	}

	void forget(Lane lane) {
		this.writing.remove(lane);
	}

	private void wake() {
		if (!this.awake.get() && this.awake.compareAndSet(false, true)) {
			schedule();
		}
	}

	private void schedule() {
		try {
			this.timer.schedule(this::look, this.periodNanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The store is closed: what is still under way has the socket's limit.
		}
	}

	private void look() {
		this.writing.forEach(Lane::cancelOverdue);
		this.awake.set(false);
		if (!this.writing.isEmpty()) {
			wake();
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

}
