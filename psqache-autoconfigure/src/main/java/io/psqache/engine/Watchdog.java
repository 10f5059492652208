package io.psqache.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Looks now and then whether an operation has waited or a write has run for longer than
 * it may, and whether a connection is unused. One timer serves all operations: a timer
 * for each one, created and cancelled, took a third of the time of a put by one caller.
 * The watchdog sleeps while no connection is open and nothing waits.
 */
final class Watchdog implements AutoCloseable {

	/**
	 * Answers come within milliseconds. If an operation has waited for so long, something
	 * is slow on the busy workers, and another worker starts.
	 */
	static final Duration PATIENCE = Duration.ofMillis(20);

	private static final Duration MAX_PERIOD = Duration.ofMillis(25);

	private final AtomicBoolean awake = new AtomicBoolean();

	private final ScheduledThreadPoolExecutor timer;

	private final long periodNanos;

	private volatile @Nullable List<RequestQueue> queues;

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

	void watch(List<RequestQueue> queues) {
		this.queues = queues;
	}

	/**
	 * Something is asked.
	 */
	void wake() {
		if (!this.awake.get() && this.awake.compareAndSet(false, true)) {
			schedule();
		}
	}

	private void schedule() {
		try {
			this.timer.schedule(this::look, this.periodNanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The engine is closed: what is still under way has the socket's limit.
		}
	}

	private void look() {
		this.awake.set(false);
		boolean active = false;
		try {
			active = inspect();
		}
		finally {
			if (active) {
				wake();
			}
		}
	}

	private boolean inspect() {
		List<RequestQueue> queues = this.queues;
		boolean active = false;
		if (queues != null) {
			long now = System.nanoTime();
			for (RequestQueue queue : queues) {
				active |= queue.inspect(now);
			}
		}
		return active;
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

}
