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
 * Looks now and then whether an operation has waited or a write has run for longer than
 * it may, whether a connection is unused, and whether the thread that drives a worker is
 * gone. One thread serves all operations: a timer for each one, created and cancelled,
 * took a third of the time of a put by one caller. It looks once a second while no
 * connection is open and nothing waits.
 */
final class Watchdog implements AutoCloseable {

	/**
	 * Answers come within milliseconds. If an operation has waited for so long, something
	 * is slow on the busy workers, and another worker starts.
	 */
	static final Duration PATIENCE = Duration.ofMillis(20);

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
	 * Something is asked. Costs a look at a field while it is awake.
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
			if (wasAwake || !this.awake) { // else it was just woken: look a period later
				look();
			}
		}
	}

	private void look() {
		List<RequestQueue> queues = this.queues;
		this.awake = false;
		boolean active = false;
		if (queues != null) {
			for (RequestQueue queue : queues) {
				active |= look(queue);
			}
		}
		if (active) {
			this.awake = true;
		}
	}

	/**
	 * An {@link Error} must neither end the thread nor keep it from another queue:
	 * callers wait for it.
	 */
	private static boolean look(RequestQueue queue) {
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
