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
 * Sweeps in the background while the {@link Lease} is this instance's, and reads now and
 * then what the sweeping instance has found. One thread. When PostgreSQL is away it tries
 * again after its usual rest.
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

	private final InterruptiblePause rest = new InterruptiblePause();

	private final GrowthMonitor writes;

	private boolean holding;

	private long place;

	private @Nullable Sweep sweep;

	private @Nullable Sweep before;

	private BoundEvictions evictions = BoundEvictions.NONE;

	private long usageReadAt;

	private long stampedAt;

	private boolean failing;

	/**
	 * Create it.
	 * @param housekeeping what it is part of
	 * @param interval how long it rests while there is little to do
	 * @param size how much it takes on between two rests
	 */
	Sweeper(Housekeeping housekeeping, Duration interval, StepSize size) {
		this.housekeeping = housekeeping;
		this.timeout = housekeeping.store.engine().timeout();
		this.writes = new GrowthMonitor(housekeeping.store.usage(), this.rest::wake);
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
		while (!this.rest.isClosedAfter(length)) {
			length = turnOrRest();
		}
	}

	/**
	 * Whatever happens, there is another turn.
	 */
	private Duration turnOrRest() {
		try {
			Duration length = turn();
			this.failing = false;
			return length;
		}
		catch (Throwable ex) {
			failed(ex);
			return this.pace.interval();
		}
	}

	/**
	 * A step of a walk, if the lease is this instance's.
	 * @return how long to rest after it
	 */
	private Duration turn() {
		lookAround();
		long start = System.nanoTime();
		Optional<Lease.Held> held = await((session) -> this.lease.take(session, this.place));
		this.holding = held.isPresent();
		if (held.isEmpty()) {
			forgetWalk();
			return this.pace.interval();
		}
		if (held.get().place() != this.place) { // another instance had it
			forgetWalk();
			this.place = held.get().place();
		}
		return step(held.get().inserted(), start);
	}

	/**
	 * See what was found, and say which caches are in use.
	 */
	private void lookAround() {
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
	 * Begins no statement once this is closed.
	 */
	private <T> T await(Work<T> work) {
		if (this.rest.isClosed()) {
			throw new StoreException(FailureCause.CLOSED, null);
		}
		return this.housekeeping.await(work);
	}

	private void forgetWalk() {
		this.sweep = null;
		this.before = null;
		this.evictions = BoundEvictions.NONE;
	}

	private Duration step(long inserted, long start) {
		Sweep current = this.sweep;
		if (current == null) {
			current = new Sweep(this::await, this.place, this.size, this.evictions, this.housekeeping.horizon);
			this.sweep = current;
			this.writes.begin(inserted);
		}
		Sweep.Step step = current.hasNext() ? current.next() : new Sweep.Step(0, 0, 0, true);
		this.place = current.place();
		this.housekeeping.monitor.swept(step.expired(), step.evicted());
		boolean doubted = need(inserted) == Pace.Need.LOOK;
		if (!current.hasNext()) {
			finish(current, doubted);
		}
		return this.pace.rest(step, current.steps(), need(inserted), Duration.ofNanos(System.nanoTime() - start));
	}

	private Pace.Need need(long inserted) {
		if (!this.evictions.isEmpty()) {
			return Pace.Need.EVICTION;
		}
		return this.writes.isRoomUsedUp(inserted) ? Pace.Need.LOOK : Pace.Need.NOTHING;
	}

	private void finish(Sweep done, boolean doubted) {
		Sweep earlier = this.before;
		forgetWalk();
		this.place = 0;
		if (done.isWhole()) {
			this.evictions = done.excess(earlier);
			this.before = done;
			this.writes.room(done.room());
			if (doubted || !this.evictions.isEmpty()) {
				this.pace.looked(!this.evictions.isEmpty());
			}
			done.record(this.housekeeping.usage);
			await(this.housekeeping::readUsage);
		}
	}

	/**
	 * A step that took too long is tried again by smaller ones, and that is no failure
	 * yet. What failed for another reason than its rows is begun again.
	 */
	private void failed(Throwable failure) {
		FailureCause cause = StoreException.of(failure).failureCause();
		boolean goesOn = this.sweep != null && !this.sweep.isStuck();
		if (this.rest.isClosed() || (cause == FailureCause.TIMEOUT && goesOn)) {
			return;
		}
		if (cause == FailureCause.UNAVAILABLE || cause == FailureCause.LOGIN_REFUSED
				|| cause == FailureCause.SCHEMA_MISSING || cause == FailureCause.SUSPENDED) {
			forgetWalk(); // the table may be another when it is back
		}
		if (!this.failing && cause != FailureCause.SUSPENDED) { // it was logged why
			this.failing = true;
			logger.warn("The sweeper cannot delete expired entries: {}. {} It tries again.", cause.description(),
					cause.remedy());
		}
		logger.debug("A step of the sweeper failed", failure);
	}

	/**
	 * Stop, after the statement that is under way.
	 */
	@Override
	public void close() {
		this.rest.close();
		try {
			this.thread.join(this.timeout.plus(Engine.GRACE).toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Once it is closed: what gives the lease back.
	 * @return empty if this instance does not have it, or is still at work
	 */
	Optional<Work<Integer>> release() {
		if (!this.holding || this.thread.isAlive()) {
			return Optional.empty();
		}
		return Optional.of((session) -> this.lease.release(session, this.place));
	}

}
