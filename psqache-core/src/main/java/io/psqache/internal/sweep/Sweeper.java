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
import java.util.Optional;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.engine.Engine;
import io.psqache.internal.engine.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps in the background, in one thread, while this instance holds the {@link Lease}.
 * It also reads the usage that the sweeping instance records. If PostgreSQL is
 * unavailable, the sweeper tries again after the configured interval.
 */
final class Sweeper implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Sweeper.class);

	private static final Duration STAMP_INTERVAL = Duration.ofHours(1);

	private final Housekeeping housekeeping;

	private final Duration timeout;

	private final StepSize size;

	private final Pace pace;

	private final Lease lease;

	private final Thread thread = new Thread(this::run, "psqache-sweeper");

	private final InterruptiblePause pause = new InterruptiblePause();

	private final GrowthMonitor growth;

	private boolean holding;

	private long nextPage;

	private @Nullable Sweep sweep;

	private @Nullable Sweep previousSweep;

	private BoundEvictions evictions = BoundEvictions.NONE;

	private long usageReadAt;

	private long stampedAt;

	private boolean failing;

	/**
	 * Create a new instance.
	 * @param housekeeping the owner of this sweeper
	 * @param interval the longest rest between two steps
	 * @param size the size of the steps
	 */
	Sweeper(Housekeeping housekeeping, Duration interval, StepSize size) {
		this.housekeeping = housekeeping;
		this.timeout = housekeeping.store.engine().timeout();
		this.growth = new GrowthMonitor(housekeeping.store.usage(), this.pause::wake);
		this.size = size;
		this.pace = new Pace(interval);
		this.lease = new Lease(this.timeout);
		this.usageReadAt = System.nanoTime() - interval.toNanos();
		this.stampedAt = System.nanoTime() - STAMP_INTERVAL.toNanos();
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		Duration length = Duration.ZERO;
		while (!this.pause.isClosedAfter(length)) {
			length = stepSafely();
		}
	}

	/**
	 * No failure ends the thread: the next step follows after the interval.
	 */
	private Duration stepSafely() {
		try {
			Duration length = stepWithLease();
			this.failing = false;
			return length;
		}
		catch (Throwable ex) {
			failed(ex);
			return this.pace.interval();
		}
	}

	/**
	 * Execute a step of a walk if this instance holds the lease.
	 * @return the rest after the step
	 */
	private Duration stepWithLease() {
		exchangeUsage();
		long start = System.nanoTime();
		Optional<Lease.Held> held = await((session) -> this.lease.take(session, this.nextPage));
		this.holding = held.isPresent();
		if (held.isEmpty()) {
			forgetWalk();
			return this.pace.interval();
		}
		if (held.get().nextPage() != this.nextPage) { // another instance held the lease
			forgetWalk();
			this.nextPage = held.get().nextPage();
		}
		return step(held.get().inserted(), start);
	}

	/**
	 * Read the recorded usage once per interval, and mark the caches in use once per
	 * hour.
	 */
	private void exchangeUsage() {
		long now = System.nanoTime();
		if (now - this.usageReadAt >= this.pace.interval().toNanos()) {
			await(this.housekeeping::readUsage);
			this.usageReadAt = now;
		}
		if (now - this.stampedAt >= STAMP_INTERVAL.toNanos()) {
			await(this.housekeeping.usage::stampUsed);
			this.stampedAt = now;
		}
	}

	/**
	 * No statement begins after the sweeper is closed.
	 */
	private <T> T await(Work<T> work) {
		if (this.pause.isClosed()) {
			throw new StoreException(FailureCause.CLOSED, null);
		}
		return this.housekeeping.await(work);
	}

	private void forgetWalk() {
		this.sweep = null;
		this.previousSweep = null;
		this.evictions = BoundEvictions.NONE;
	}

	private Duration step(long inserted, long start) {
		Sweep current = this.sweep;
		if (current == null) {
			current = new Sweep(this::await, this.nextPage, this.size, this.evictions, this.housekeeping.horizon);
			this.sweep = current;
			this.growth.begin(inserted);
		}
		Sweep.Step step = current.hasNext() ? current.next() : new Sweep.Step(0, 0, 0, true);
		this.nextPage = current.nextPage();
		this.housekeeping.monitor.swept(step.expired(), step.evicted());
		boolean hurried = need(inserted) == Pace.Need.COUNT;
		if (!current.hasNext()) {
			finish(current, hurried);
		}
		return this.pace.rest(step, current.steps(), need(inserted), Duration.ofNanos(System.nanoTime() - start));
	}

	private Pace.Need need(long inserted) {
		if (!this.evictions.isEmpty()) {
			return Pace.Need.EVICTION;
		}
		return this.growth.isHeadroomUsed(inserted) ? Pace.Need.COUNT : Pace.Need.NOTHING;
	}

	private void finish(Sweep finished, boolean hurried) {
		Sweep earlier = this.previousSweep;
		forgetWalk();
		this.nextPage = 0;
		if (finished.isWhole()) {
			this.evictions = finished.excess(earlier);
			this.previousSweep = finished;
			this.growth.headroom(finished.headroom());
			if (hurried || !this.evictions.isEmpty()) {
				this.pace.counted(!this.evictions.isEmpty());
			}
			finished.record(this.housekeeping.usage);
			await(this.housekeeping::readUsage);
		}
	}

	/**
	 * A step that reached its time limit is repeated in smaller steps and is not logged
	 * as a failure. After a failure of the connection or the schema, the walk begins
	 * again.
	 */
	private void failed(Throwable failure) {
		FailureCause cause = StoreException.of(failure).failureCause();
		boolean goesOn = this.sweep != null && !this.sweep.isStuck();
		if (this.pause.isClosed() || (cause == FailureCause.TIMEOUT && goesOn)) {
			return;
		}
		if (cause == FailureCause.UNAVAILABLE || cause == FailureCause.LOGIN_REFUSED
				|| cause == FailureCause.SCHEMA_MISSING || cause == FailureCause.SUSPENDED) {
			forgetWalk(); // the table may have been replaced by then
		}
		if (!this.failing && cause != FailureCause.SUSPENDED) { // the reason is already
																// logged
			this.failing = true;
			logger.warn("The sweeper cannot delete expired entries: {}. {} It tries again.", cause.description(),
					cause.remedy());
		}
		logger.debug("A step of the sweeper failed", failure);
	}

	/**
	 * Stop after the statement in progress.
	 */
	@Override
	public void close() {
		this.pause.close();
		try {
			this.thread.join(this.timeout.plus(Engine.GRACE).toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return the operation that releases the lease. Call this after {@link #close()}.
	 * @return empty if this instance does not hold the lease or its thread is still
	 * running
	 */
	Optional<Work<Integer>> release() {
		if (!this.holding || this.thread.isAlive()) {
			return Optional.empty();
		}
		return Optional.of((session) -> this.lease.release(session, this.nextPage));
	}

}
