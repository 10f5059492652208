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

package io.psqache.internal.sweep;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The pause between two steps of the sweeper. It ends early when a bound may be exceeded
 * or when the sweeper is closed. Thread-safe.
 */
final class InterruptiblePause {

	private final Semaphore wakes = new Semaphore(0);

	private volatile boolean closed;

	/**
	 * Wait for the given time, or until {@link #wake()} or {@link #close()} is called.
	 * @return whether the pause was closed
	 */
	boolean isClosedAfter(Duration duration) {
		try {
			if (!this.closed && this.wakes.tryAcquire(duration.toNanos(), TimeUnit.NANOSECONDS)) {
				this.wakes.drainPermits();
			}
		}
		catch (InterruptedException ex) {
			// An interrupt does not stop the sweeper; only close() does.
		}
		return this.closed;
	}

	/**
	 * End the current pause, or the next one.
	 */
	void wake() {
		this.wakes.release();
	}

	/**
	 * End the current pause and all later ones.
	 */
	void close() {
		this.closed = true;
		wake();
	}

	boolean isClosed() {
		return this.closed;
	}

}
