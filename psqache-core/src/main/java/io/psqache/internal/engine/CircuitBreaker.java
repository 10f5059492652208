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

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.BreakerState;
import io.psqache.FailureCause;
import io.psqache.OperationKind;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests while the database does not answer, so that callers do not wait for
 * the timeout:
 * <ol>
 * <li>Closed: all requests pass. {@value #FAILURES} consecutive failures of the database
 * open the circuit breaker. Reads and writes are counted separately, because one may work
 * while the other fails. A missing table opens it immediately, because the schema must be
 * created again.</li>
 * <li>Open: requests are refused immediately. {@link Recovery} is notified and checks
 * whether the database answers again.</li>
 * <li>Half-open: {@link Recovery} sends its own request, so that no caller waits for the
 * outcome. All other requests are still refused.</li>
 * </ol>
 * Thread-safe. While closed, it costs a read of two volatile fields per request.
 * Resilience4j's circuit breaker is not used, because it keeps a window of outcomes and
 * uses callers' requests as probes.
 *
 * @see <a href="https://martinfowler.com/bliki/CircuitBreaker.html">Circuit Breaker</a>
 */
final class CircuitBreaker {

	static final int FAILURES = 5;

	private final Runnable opened;

	private final AtomicInteger failedReads = new AtomicInteger();

	private final AtomicInteger failedWrites = new AtomicInteger();

	private final AtomicReference<@Nullable FailureCause> cause = new AtomicReference<>();

	private volatile boolean probing;

	private volatile boolean retired;

	/**
	 * Create a closed circuit breaker.
	 * @param opened called when it opens, on the thread of the failed request
	 */
	CircuitBreaker(Runnable opened) {
		this.opened = opened;
	}

	boolean admits(OperationKind operation) {
		return this.cause.get() == null || operation == OperationKind.PROBE || this.retired;
	}

	/**
	 * Record the outcome of an operation.
	 * @param failure the cause of the failure; {@code null} after a success
	 */
	void answered(OperationKind operation, @Nullable FailureCause failure) {
		if (!operation.isOfTheApplication()) {
			return;
		}
		AtomicInteger failures = operation.isRead() ? this.failedReads : this.failedWrites;
		if (failure == null || failure.isOfAnItem()) {
			if (failures.get() != 0) {
				failures.set(0);
			}
		}
		else if (failure.isOfTheDatabase()
				&& (failures.incrementAndGet() >= FAILURES || failure == FailureCause.SCHEMA_MISSING)
				&& this.cause.compareAndSet(null, failure)) {
			this.opened.run();
		}
	}

	/**
	 * Return the failure because of which it is not closed.
	 * @return the cause; {@code null} if it is closed
	 */
	@Nullable FailureCause cause() {
		return this.cause.get();
	}

	BreakerState state() {
		if (this.cause.get() == null) {
			return BreakerState.CLOSED;
		}
		return this.probing ? BreakerState.HALF_OPEN : BreakerState.OPEN;
	}

	void probing() {
		this.probing = true;
	}

	/**
	 * Open it without notification.
	 * @param reason the cause
	 */
	void open(FailureCause reason) {
		this.cause.compareAndSet(null, reason);
	}

	/**
	 * Return from half-open to open.
	 * @param reason the cause
	 */
	void reopen(FailureCause reason) {
		this.cause.set(reason);
		this.probing = false;
	}

	/**
	 * Admit all operations, because the store is closed. Each operation then fails
	 * because the queues are closed.
	 */
	void retire() {
		this.retired = true;
	}

	void close() {
		this.failedReads.set(0);
		this.failedWrites.set(0);
		this.probing = false;
		this.cause.set(null);
	}

}
