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
 * The rest between two turns of the sweeper, which ends early when there is something to
 * do, or when it is to stop. Thread-safe.
 */
final class InterruptiblePause {

	private final Semaphore wakes = new Semaphore(0);

	private volatile boolean closed;

	/**
	 * Rest.
	 * @return whether there is to be no other turn
	 */
	boolean isClosedAfter(Duration rest) {
		try {
			if (!this.closed && this.wakes.tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS)) {
				this.wakes.drainPermits();
			}
		}
		catch (InterruptedException ex) {
			// An interrupt ends nothing: only close() does.
		}
		return this.closed;
	}

	/**
	 * End this rest, or the next one.
	 */
	void wake() {
		this.wakes.release();
	}

	/**
	 * End this rest and all others.
	 */
	void close() {
		this.closed = true;
		wake();
	}

	boolean isClosed() {
		return this.closed;
	}

}
