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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.psqache.BreakerState;
import io.psqache.FailureCause;
import io.psqache.OperationKind;
import io.psqache.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resumes caching after a failure of the database, on one thread that runs only after a
 * failure:
 * <ol>
 * <li>While the {@link CircuitBreaker} is not closed, it fails the queued operations and
 * probes the database with a read and a write.</li>
 * <li>If the schema is missing, it creates the schema again.</li>
 * <li>It executes the evictions in the backlog.</li>
 * <li>Only then it closes the circuit breaker, so that no read returns an entry that this
 * instance was to evict.</li>
 * </ol>
 * A failed attempt is repeated after delays that double from 40 ms to 1 second. Evictions
 * that fail while the circuit breaker is closed are repeated in the same way.
 */
public final class Recovery implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Recovery.class);

	private static final Duration FIRST_DELAY = Duration.ofMillis(20);

	private static final Duration MAX_DELAY = Duration.ofSeconds(1);

	/**
	 * The time between two attempts to create the schema.
	 */
	private static final Duration REPAIR_INTERVAL = Duration.ofSeconds(5);

	/**
	 * A failure within this time after a recovery is probed after 1 second instead of
	 * immediately, and not logged again.
	 */
	private static final Duration MIN_STABLE = Duration.ofSeconds(10);

	private final Engine engine;

	private final Recoverable recoverable;

	private final CircuitBreaker breaker = new CircuitBreaker(this::opened);

	private final ScheduledThreadPoolExecutor thread;

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private volatile long openedAt;

	private volatile long closedAt = System.nanoTime() - MIN_STABLE.toNanos();

	private Duration delayToNext = FIRST_DELAY;

	private long repairedAt = System.nanoTime() - REPAIR_INTERVAL.toNanos();

	private long executedEvictions;

	private boolean evictionsFail;

	private boolean repairFails;

	Recovery(Engine engine, Recoverable recoverable) {
		this.engine = engine;
		this.recoverable = recoverable;
		this.thread = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread created = new Thread(task, "psqache-recovery");
			created.setDaemon(true);
			return created;
		});
		this.thread.setKeepAliveTime(10, TimeUnit.SECONDS);
		this.thread.allowCoreThreadTimeOut(true);
		this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	CircuitBreaker breaker() {
		return this.breaker;
	}

	/**
	 * Return the state of the circuit breaker.
	 * @return the current state
	 */
	public BreakerState state() {
		return this.breaker.state();
	}

	/**
	 * Return the failure because of which the circuit breaker is not closed.
	 * @return the cause; {@code null} if the circuit breaker is closed
	 */
	public @Nullable FailureCause cause() {
		return this.breaker.cause();
	}

	/**
	 * Check immediately whether a recovery is needed.
	 */
	public void wake() {
		wakeAfter(Duration.ZERO);
	}

	private void wakeAfter(Duration delay) {
		if (this.scheduled.compareAndSet(false, true)) {
			schedule(delay);
		}
	}

	/**
	 * Start with an open circuit breaker, because the database is known to be
	 * unreachable. The caller logs the failure.
	 * @param cause the cause
	 */
	public void beginSuspended(FailureCause cause) {
		this.breaker.open(cause);
		this.openedAt = System.nanoTime();
		wake();
	}

	private boolean isNeeded() {
		return this.breaker.cause() != null || this.recoverable.pendingEvictions() > 0;
	}

	private void schedule(Duration delay) {
		try {
			this.thread.schedule(this::attempt, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The store is closed: close() makes the last attempt.
		}
	}

	private void opened() {
		this.openedAt = System.nanoTime();
		FailureCause cause = this.breaker.cause();
		if (!wasStable()) {
			wakeAfter(MAX_DELAY);
			return;
		}
		if (cause != null) {
			logger.warn("Caching is suspended: {}. {} Until it resumes, reads are misses, puts are dropped, "
					+ "and evictions wait in the backlog.", cause.description(), cause.remedy());
		}
		wake();
	}

	private boolean wasStable() {
		return this.openedAt - this.closedAt >= MIN_STABLE.toNanos();
	}

	/**
	 * Make one attempt. Even after an unexpected failure, another attempt follows as long
	 * as one is needed.
	 */
	private void attempt() {
		boolean recovered = false;
		try {
			recovered = recover();
		}
		catch (RuntimeException | Error ex) {
			logger.debug("The recovery failed", ex);
		}
		this.delayToNext = recovered ? FIRST_DELAY : min(this.delayToNext.multipliedBy(2), MAX_DELAY);
		if (isNeeded()) {
			schedule(this.delayToNext);
			return;
		}
		this.scheduled.set(false);
		if (isNeeded()) { // needed after the last check
			wake();
		}
	}

	private static Duration min(Duration a, Duration b) {
		return (a.compareTo(b) < 0) ? a : b;
	}

	/**
	 * Try to recover.
	 * @return {@code true} if the next attempt may follow soon
	 */
	private boolean recover() {
		boolean suspended = this.breaker.cause() != null;
		try {
			if (suspended) {
				probe();
			}
			this.executedEvictions += repeatEvictions();
			if (suspended) {
				resume();
			}
			return !this.evictionsFail; // new evictions follow soon
		}
		catch (StoreException ex) {
			logger.debug("PostgreSQL does not answer yet", ex);
			FailureCause cause = ex.failureCause();
			if (suspended) {
				this.breaker.reopen(cause.isOfTheDatabase() ? cause : FailureCause.UNAVAILABLE);
			}
			return cause == FailureCause.SCHEMA_MISSING && repairSchema();
		}
	}

	private void probe() {
		this.engine.refuse();
		this.breaker.probing();
		new SingleOperation<>(this.engine.writes(), OperationKind.PROBE, (session) -> {
			this.recoverable.probe(session);
			return true;
		}).unguarded().await();
	}

	/**
	 * Repeat the evictions in the backlog. An eviction that the server refuses does not
	 * keep the circuit breaker open, because its entries are hidden until it succeeds.
	 */
	private long repeatEvictions() {
		try {
			long done = this.recoverable.repeatEvictions();
			this.evictionsFail = false;
			return done;
		}
		catch (StoreException ex) {
			if (ex.failureCause().isOfTheDatabase()) {
				throw ex;
			}
			if (!this.evictionsFail) {
				this.evictionsFail = true;
				logger.warn("Evictions fail and are repeated until they succeed: {}. {} Until then this instance "
						+ "treats their entries as removed.", ex.getMessage(), ex.failureCause().remedy());
			}
			logger.debug("An eviction failed again", ex);
			return 0;
		}
	}

	private void resume() {
		this.breaker.close();
		long now = System.nanoTime();
		if (wasStable()) {
			logger.info("Caching has resumed after {} s. {} evictions from the backlog have been executed.",
					TimeUnit.NANOSECONDS.toSeconds(now - this.openedAt), this.executedEvictions);
		}
		this.closedAt = now;
		this.executedEvictions = 0;
	}

	private boolean repairSchema() {
		long now = System.nanoTime();
		if (now - this.repairedAt < REPAIR_INTERVAL.toNanos()) {
			return false;
		}
		this.repairedAt = now;
		try {
			this.recoverable.repairSchema();
			this.repairFails = false;
			return true;
		}
		catch (RuntimeException ex) {
			if (!this.repairFails) {
				this.repairFails = true;
				logger.warn("psqache's schema is not ready, and psqache cannot create it again: {}", ex.getMessage());
			}
			logger.debug("The schema could not be created again", ex);
			return false;
		}
	}

	/**
	 * Stop the recovery. Makes one last attempt to execute the evictions in the backlog.
	 */
	@Override
	public void close() {
		this.thread.shutdown();
		try {
			this.thread.awaitTermination(this.engine.timeout().toNanos(), TimeUnit.NANOSECONDS);
			if (this.recoverable.pendingEvictions() > 0) {
				this.recoverable.repeatEvictions();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (StoreException ex) {
			logger.warn("{} evictions are lost: {}. Their entries stay in the cache until they expire.",
					this.recoverable.pendingEvictions(), ex.getMessage());
		}
	}

}
