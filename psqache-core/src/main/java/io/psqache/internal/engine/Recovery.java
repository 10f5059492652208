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
 * Brings the store back after the database has failed, on one thread that runs only then:
 * <ol>
 * <li>While the {@link CircuitBreaker} is not closed it refuses whatever waits for a
 * worker, and asks the database to read and to write.</li>
 * <li>A schema that is missing is made again.</li>
 * <li>It has the pending evictions done.</li>
 * <li>Only then it closes the circuit breaker: no read returns an entry that this
 * instance has been asked to evict.</li>
 * </ol>
 * What fails is tried again: soon at first, and then once a second. Evictions that fail
 * while the circuit breaker is closed go the same way.
 */
public final class Recovery implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Recovery.class);

	private static final Duration FIRST_REST = Duration.ofMillis(20);

	private static final Duration MAX_REST = Duration.ofSeconds(1);

	/**
	 * Between two attempts to make the schema again.
	 */
	private static final Duration REPAIR_INTERVAL = Duration.ofSeconds(5);

	/**
	 * A failure so soon after a recovery is probed less often, and not logged again.
	 */
	private static final Duration CALM = Duration.ofSeconds(10);

	private final Engine engine;

	private final Recoverable recoverable;

	private final CircuitBreaker breaker = new CircuitBreaker(this::opened);

	private final ScheduledThreadPoolExecutor thread;

	private final AtomicBoolean awake = new AtomicBoolean();

	private volatile long openedAt;

	private volatile long closedAt = System.nanoTime() - CALM.toNanos();

	private Duration rest = FIRST_REST;

	private long repairedAt = System.nanoTime() - REPAIR_INTERVAL.toNanos();

	private long applied;

	private boolean evictionsFail;

	private boolean repairFails;

	Recovery(Engine engine, Recoverable recoverable) {
		this.engine = engine;
		this.recoverable = recoverable;
		this.thread = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread made = new Thread(task, "psqache-recovery");
			made.setDaemon(true);
			return made;
		});
		this.thread.setKeepAliveTime(10, TimeUnit.SECONDS);
		this.thread.allowCoreThreadTimeOut(true);
		this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	CircuitBreaker breaker() {
		return this.breaker;
	}

	/**
	 * The state of the circuit breaker.
	 * @return the state now
	 */
	public BreakerState state() {
		return this.breaker.state();
	}

	/**
	 * Why the circuit breaker is not closed.
	 * @return {@code null} if it is
	 */
	public @Nullable FailureCause cause() {
		return this.breaker.cause();
	}

	/**
	 * Look at once whether there is something to do.
	 */
	public void wake() {
		wakeAfter(Duration.ZERO);
	}

	private void wakeAfter(Duration delay) {
		if (this.awake.compareAndSet(false, true)) {
			schedule(delay);
		}
	}

	/**
	 * Begin without the database, of which it is known that it cannot be reached. It is
	 * for the caller to log that.
	 * @param cause why not
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
			this.thread.schedule(this::turn, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The store is closed: close() makes the last attempt.
		}
	}

	private void opened() {
		this.openedAt = System.nanoTime();
		FailureCause cause = this.breaker.cause();
		if (!isCalm()) {
			wakeAfter(MAX_REST);
			return;
		}
		if (cause != null) {
			logger.warn("Caching is suspended: {}. {} Until it resumes, reads are misses, puts are dropped, "
					+ "and evictions wait in the backlog.", cause.description(), cause.remedy());
		}
		wake();
	}

	private boolean isCalm() {
		return this.openedAt - this.closedAt >= CALM.toNanos();
	}

	/**
	 * Whatever happens, there is another turn as long as one is needed.
	 */
	private void turn() {
		boolean back = false;
		try {
			back = recover();
		}
		catch (RuntimeException | Error ex) {
			logger.debug("The recovery failed", ex);
		}
		this.rest = back ? FIRST_REST : min(this.rest.multipliedBy(2), MAX_REST);
		if (isNeeded()) {
			schedule(this.rest);
			return;
		}
		this.awake.set(false);
		if (isNeeded()) { // it came after the last look
			wake();
		}
	}

	private static Duration min(Duration a, Duration b) {
		return (a.compareTo(b) < 0) ? a : b;
	}

	/**
	 * One attempt.
	 * @return whether it succeeded
	 */
	private boolean recover() {
		boolean suspended = this.breaker.cause() != null;
		try {
			if (suspended) {
				probe();
			}
			this.applied += repeatEvictions();
			if (suspended) {
				resume();
			}
			return !this.evictionsFail; // what came meanwhile is for the next turn, soon
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
	 * Repeat the pending evictions. One that the server refuses does not keep the circuit
	 * breaker open: until it succeeds, the entries that it names count as evicted.
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
		if (isCalm()) {
			logger.info("Caching has resumed after {} s. {} evictions from the backlog have been executed.",
					TimeUnit.NANOSECONDS.toSeconds(now - this.openedAt), this.applied);
		}
		this.closedAt = now;
		this.applied = 0;
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
			logger.debug("The schema could not be made again", ex);
			return false;
		}
	}

	/**
	 * Stop, and have done what is pending, as far as one attempt goes.
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
