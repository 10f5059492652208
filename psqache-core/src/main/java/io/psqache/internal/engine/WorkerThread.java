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
 * The thread of a worker. It is made when it is needed, and ends after some time without
 * work.
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
	 * Have it drive the worker, which is claimed for it.
	 */
	void wake() {
		Thread present = this.thread.get();
		if (present == null) {
			// neither the thread-locals of a caller nor its class loader
			Thread made = new Thread(null, this::run, this.name, 0, false);
			made.setContextClassLoader(WorkerThread.class.getClassLoader());
			made.setDaemon(true);
			if (this.thread.compareAndSet(null, made)) {
				start(made);
				return;
			}
			present = this.thread.get();
		}
		LockSupport.unpark(present);
	}

	private void start(Thread made) {
		boolean running = false;
		try {
			made.start();
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
	 * An {@link Error} ends the thread. If the worker is claimed for it meanwhile,
	 * another thread drives the worker: the next {@link #wake()} comes only after that
	 * claim.
	 * @param last what the thread was executing; if the error kept it from ending, that
	 * is for the {@link Watchdog}
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
	 * @return {@code null} if that takes so long that the thread may end, or it was
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
	 * The thread ends, unless the worker was claimed for it just now, or it was replaced.
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
	 * The next {@link #wake()} makes another thread: this one is stuck, or an
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
