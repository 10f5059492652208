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

import org.jspecify.annotations.Nullable;

/**
 * The exclusive use of a worker by one thread, from claim to release. The
 * {@link Watchdog} reads it on its own thread.
 */
final class Claim {

	private final Worker worker;

	private final WorkerSession session;

	private final boolean ownThread;

	private volatile @Nullable Batch underWay;

	private volatile long progressAt = System.nanoTime();

	private boolean blocked;

	/**
	 * Create a claim.
	 * @param session the session that only the claiming thread may use
	 * @param ownThread {@code true} for the worker's own thread, which takes batches from
	 * the queue; {@code false} for the calling thread
	 */
	Claim(Worker worker, WorkerSession session, boolean ownThread) {
		this.worker = worker;
		this.session = session;
		this.ownThread = ownThread;
	}

	Worker worker() {
		return this.worker;
	}

	WorkerSession session() {
		return this.session;
	}

	boolean isOfOwnThread() {
		return this.ownThread;
	}

	void begin(Batch batch) {
		this.progressAt = System.nanoTime();
		this.underWay = batch;
	}

	void end() {
		this.underWay = null;
	}

	@Nullable Batch underWay() {
		return this.underWay;
	}

	/**
	 * Return whether an operation that may take long is being executed.
	 */
	boolean isLong() {
		Batch batch = this.underWay;
		return batch != null && batch.isLong();
	}

	/**
	 * Return whether the thread has not begun a batch or a statement for longer than a
	 * limit.
	 */
	boolean isStalled(long now, Duration limit) {
		return now - this.progressAt > limit.toNanos() && now - this.session.usedAt() > limit.toNanos();
	}

	/**
	 * Record whether the last take skipped operations that must wait for another worker's
	 * batch.
	 */
	void blocked(boolean blocked) {
		this.blocked = blocked;
	}

	boolean isBlocked() {
		return this.blocked;
	}

}
