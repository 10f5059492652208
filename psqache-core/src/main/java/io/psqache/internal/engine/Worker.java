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

import io.psqache.FailureCause;
import io.psqache.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Executes batches on its {@link WorkerSession}. The thread that holds the {@link Claim}
 * runs it: the worker's own thread, or a caller if all workers are idle.
 */
final class Worker {

	/**
	 * A thread is considered gone if it has not begun a batch or statement for this time
	 * plus four timeouts.
	 */
	private static final Duration MIN_STALL = Duration.ofSeconds(1);

	private final Engine engine;

	private final RequestQueue queue;

	private final WorkerThread thread;

	private final AtomicReference<@Nullable Claim> claim = new AtomicReference<>();

	private volatile WorkerSession session;

	Worker(Engine engine, RequestQueue queue, String name) {
		this.engine = engine;
		this.queue = queue;
		this.session = new WorkerSession(engine);
		this.thread = new WorkerThread(this, name);
	}

	/**
	 * Claim the worker if it is idle.
	 * @param ownThread {@code true} for the worker's own thread, {@code false} for the
	 * calling thread
	 * @return {@code null} if it is not idle
	 */
	@Nullable Claim claim(boolean ownThread) {
		if (this.claim.get() != null) {
			return null;
		}
		Claim claim = new Claim(this, this.session, ownThread);
		if (!this.claim.compareAndSet(null, claim)) {
			return null;
		}
		if (claim.session() != this.session) { // replaced in between
			release(claim);
			return null;
		}
		return claim;
	}

	@Nullable Claim claim() {
		return this.claim.get();
	}

	/**
	 * End a claim. A revoked claim no longer holds the worker.
	 */
	void release(Claim released) {
		Batch left = released.underWay();
		if (left != null) { // the thread has failed
			fail(left, new StoreException(FailureCause.OTHER, null));
		}
		this.claim.compareAndSet(released, null);
	}

	/**
	 * Called periodically. Fails overdue operations, cancels an overdue write, releases
	 * an unused connection, and replaces a thread that is gone.
	 * @param now the time by {@link System#nanoTime()}
	 * @return whether another inspection is needed soon
	 */
	boolean inspect(long now) {
		Claim present = this.claim.get();
		WorkerSession session = this.session;
		if (present == null) {
			if (session.isUnused(now)) {
				disconnectIfIdle();
			}
			return session.isConnected();
		}
		Batch underWay = present.underWay();
		if (underWay != null) {
			underWay.forEach((operation) -> failIfOverdue(operation, session, now));
		}
		if (session.isOverdue(now)) {
			this.engine.signals().execute(() -> session.cancelIfOverdue(now));
		}
		if (present.isStalled(now, this.engine.timeout().multipliedBy(4).plus(MIN_STALL))) {
			revoke(present);
			this.queue.release(present);
		}
		return true;
	}

	private void failIfOverdue(Operation<?> operation, WorkerSession session, long now) {
		if (session.isConnected()) {
			operation.failIfOverdue(now, this.engine.timeout());
		}
		else if (operation.isOverdue(now, this.engine.timeout())) {
			operation.fail(this.engine.notConnected());
		}
	}

	/**
	 * Release the connection of an idle worker. The worker is claimed first, so that no
	 * other thread uses the connection.
	 */
	void disconnectIfIdle() {
		Claim ownClaim = claim(false);
		if (ownClaim != null) {
			try {
				ownClaim.session().disconnect();
			}
			finally {
				this.queue.release(ownClaim);
			}
		}
	}

	/**
	 * End the claim of a thread that is stuck or was ended by an {@link Error}. Its
	 * unanswered operations fail. The thread keeps the session, because it may still use
	 * it, and the worker receives a new one.
	 */
	private void revoke(Claim stalled) {
		this.session = new WorkerSession(this.engine);
		release(stalled);
		this.thread.replace();
		this.engine.signals().execute(stalled.session()::abort);
	}

	/**
	 * Start execution on the worker's own thread.
	 */
	void start() {
		this.thread.wake();
	}

	/**
	 * Execute batches until the queue has none. Called by the worker's own thread.
	 */
	@SuppressWarnings("ThreadPriorityCheck") // only the size of batches relies on it
	void executeAll(Claim claim) {
		try {
			Batch batch = this.queue.take(claim);
			while (batch != null) {
				execute(claim, batch);
				// Callers with an answer may send operations that join the next
				// batch: this increased gets by 17 % with 8 callers on 2 cores.
				Thread.yield();
				batch = isClaimedBy(claim) ? this.queue.take(claim) : null;
			}
		}
		finally {
			this.queue.release(claim);
		}
	}

	private boolean isClaimedBy(Claim present) {
		return this.claim.get() == present;
	}

	/**
	 * Execute a batch that the claim has {@linkplain Claim#begin begun}.
	 */
	void execute(Claim claim, Batch batch) {
		WorkerSession session = claim.session();
		try {
			session.connect();
			batch.execute(session);
		}
		catch (Throwable ex) { // every caller must receive an answer
			if (ex instanceof Error) {
				session.breakBy(ex);
			}
			fail(batch, this.queue.isAbandoned() ? new StoreException(FailureCause.CLOSED, ex) : ex);
		}
		finally {
			session.disconnectIfDue();
			claim.end();
		}
		if (!isClaimedBy(claim)) { // revoked: no other thread uses the session
			session.disconnect();
		}
	}

	private static void fail(Batch batch, Throwable failure) {
		batch.forEach((operation) -> {
			if (operation.isWanted()) {
				operation.fail(failure);
			}
		});
	}

	WorkerSession session() {
		return this.session;
	}

	/**
	 * End the worker's thread when it is idle.
	 */
	void close() {
		this.thread.close();
	}

}
