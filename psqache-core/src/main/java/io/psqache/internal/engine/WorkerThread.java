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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The thread of a worker. It is created on demand and ends after 10 idle seconds.
 */
final class WorkerThread {

	private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

	private final Worker worker;

	private final String name;

	private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

	private volatile boolean closed;

	WorkerThread(Worker worker, String name) {
		this.worker = worker;
		this.name = name;
	}

	/**
	 * Start or wake the thread, for which the worker is claimed.
	 */
	void wake() {
		Thread present = this.thread.get();
		if (present == null) {
			// without the thread-locals and the class loader of the caller
			Thread created = new Thread(null, this::run, this.name, 0, false);
			created.setContextClassLoader(WorkerThread.class.getClassLoader());
			created.setDaemon(true);
			if (this.thread.compareAndSet(null, created)) {
				start(created);
				return;
			}
			present = this.thread.get();
		}
		LockSupport.unpark(present);
	}

	private void start(Thread created) {
		boolean running = false;
		try {
			created.start();
			running = true;
		}
		finally {
			if (!running) {
				this.thread.set(null);
			}
		}
	}

	private void run() {
		Claim last = null;
		try {
			do {
				Claim claim = awaitClaim();
				while (claim != null) {
					last = claim;
					this.worker.executeAll(claim);
					claim = awaitClaim();
				}
			}
			while (!tryToEnd());
		}
		finally {
			replaceIfFailed(last);
		}
	}

	/**
	 * Start another thread if an {@link Error} has ended this one and the worker was
	 * claimed for it in the meantime. The next {@link #wake()} would come only after that
	 * claim.
	 * @param last the last claim of this thread; if the error left it open, the
	 * {@link Watchdog} ends it
	 */
	private void replaceIfFailed(@Nullable Claim last) {
		if (this.thread.compareAndSet(Thread.currentThread(), null)) {
			Claim claim = this.worker.claim();
			if (claim != null && claim != last && claim.isOfOwnThread()) {
				wake();
			}
		}
	}

	/**
	 * Wait until the worker is claimed for this thread.
	 * @return {@code null} if the thread was idle for 10 seconds, was closed or was
	 * replaced
	 */
	private @Nullable Claim awaitClaim() {
		long begin = System.nanoTime();
		Claim claim = claim();
		while (claim == null && !this.closed && this.thread.get() == Thread.currentThread()) {
			long left = begin + KEEP_ALIVE.toNanos() - System.nanoTime();
			if (left <= 0) {
				return null;
			}
			LockSupport.parkNanos(this, left);
			claim = claim();
		}
		return claim;
	}

	private @Nullable Claim claim() {
		Claim claim = this.worker.claim();
		return (claim != null && claim.isOfOwnThread() && this.thread.get() == Thread.currentThread()) ? claim : null;
	}

	/**
	 * End the thread, unless the worker was claimed for it in the meantime.
	 * @return whether the thread must end; also if it was replaced
	 */
	private boolean tryToEnd() {
		Thread current = Thread.currentThread();
		if (!this.thread.compareAndSet(current, null)) {
			return true;
		}
		Claim claim = this.worker.claim();
		return claim == null || !claim.isOfOwnThread() || !this.thread.compareAndSet(null, current);
	}

	/**
	 * Replace the thread at the next {@link #wake()}, because it is stuck or an
	 * {@link Error} has ended it.
	 */
	void replace() {
		this.thread.set(null);
	}

	/**
	 * End the thread when it is idle.
	 */
	void close() {
		this.closed = true;
		LockSupport.unpark(this.thread.get());
	}

}
