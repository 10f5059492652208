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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodically checks for overdue operations and writes, unused connections, and workers
 * whose thread is gone. One thread serves all operations, because a timer per operation
 * took a third of the time of a put by one caller. The period is 1 second while no
 * connection is open and no operation is queued.
 */
final class Watchdog implements AutoCloseable {

	/**
	 * If an operation has waited for this time, another worker starts. Answers usually
	 * arrive within milliseconds, so the busy workers must be slow.
	 */
	static final Duration MAX_QUEUED_TIME = Duration.ofMillis(20);

	private static final Logger logger = LoggerFactory.getLogger(Watchdog.class);

	private static final Duration MAX_PERIOD = Duration.ofMillis(25);

	private static final Duration IDLE_PERIOD = Duration.ofSeconds(1);

	private final Duration period;

	private final Thread thread = new Thread(null, this::watch, "psqache-watchdog", 0, false);

	private volatile @Nullable List<RequestQueue> queues;

	private volatile boolean awake;

	private volatile boolean closed;

	Watchdog(Duration timeout) {
		Duration period = timeout.dividedBy(20);
		this.period = (period.compareTo(MAX_PERIOD) < 0) ? period : MAX_PERIOD;
	}

	void watch(List<RequestQueue> queues) {
		this.queues = queues;
		this.thread.setContextClassLoader(Watchdog.class.getClassLoader());
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * Start the short period, because an operation was sent. While it is already active,
	 * this costs only the read of a field.
	 */
	void wake() {
		if (!this.awake) {
			this.awake = true;
			LockSupport.unpark(this.thread);
		}
	}

	private void watch() {
		while (!this.closed) {
			boolean wasAwake = this.awake;
			LockSupport.parkNanos(this, (wasAwake ? this.period : IDLE_PERIOD).toNanos());
			if (wasAwake || !this.awake) { // else just woken
				inspect();
			}
		}
	}

	private void inspect() {
		List<RequestQueue> queues = this.queues;
		this.awake = false;
		boolean active = false;
		if (queues != null) {
			for (RequestQueue queue : queues) {
				active |= inspect(queue);
			}
		}
		if (active) {
			this.awake = true;
		}
	}

	/**
	 * Inspect a queue. An {@link Error} must not end the thread or prevent the inspection
	 * of another queue, because callers depend on the watchdog.
	 */
	private static boolean inspect(RequestQueue queue) {
		try {
			return queue.inspect(System.nanoTime());
		}
		catch (Throwable ex) {
			logger.debug("The watchdog failed, and looks again", ex);
			return true;
		}
	}

	@Override
	public void close() {
		this.closed = true;
		LockSupport.unpark(this.thread);
	}

}
