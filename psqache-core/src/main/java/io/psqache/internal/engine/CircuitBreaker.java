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
 * Keeps requests from a database that does not answer, so that no caller waits for it in
 * vain:
 * <ol>
 * <li>Closed, everything passes. {@value #FAILURES} failures in a row that are the
 * database's open it; those of reads and of writes are counted apart, since either may
 * work while the other does not. A table that is missing does at once: it is to be made
 * again, and does not come back by itself.</li>
 * <li>Open, requests are refused at once. {@link Recovery} is told, which looks whether
 * the database answers again.</li>
 * <li>Half-open, it is looking: with a request of its own, so that no caller waits for
 * the outcome. All others are refused as before.</li>
 * </ol>
 * Thread-safe. While all goes well it costs a read of two volatile fields a request. (The
 * one of Resilience4j keeps a window of outcomes for its rates, and has callers do the
 * looking.)
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
	 * @param opened run whenever it opens, on the thread of the request that failed
	 */
	CircuitBreaker(Runnable opened) {
		this.opened = opened;
	}

	boolean admits(OperationKind operation) {
		return this.cause.get() == null || operation == OperationKind.PROBE || this.retired;
	}

	/**
	 * An operation has its answer.
	 * @param failure why it failed, {@code null} if it did not
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
	 * Why it is not closed.
	 * @return {@code null} if it is
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
	 * Open it, without telling that it has opened.
	 * @param reason why
	 */
	void open(FailureCause reason) {
		this.cause.compareAndSet(null, reason);
	}

	/**
	 * The database does not answer yet.
	 * @param reason why not
	 */
	void reopen(FailureCause reason) {
		this.cause.set(reason);
		this.probing = false;
	}

	/**
	 * The store is closed, which is the failure of every operation from now on.
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
