package io.psqache.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps in the background while the {@link Lease} is this instance's, and reads now and
 * then what whoever sweeps has found. One thread. When PostgreSQL is away it tries again
 * after its usual rest.
 */
final class Sweeper implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Sweeper.class);

	private final SweepSql sql;

	private final Sweep.Requests requests;

	private final Figures figures;

	private final String namespace;

	private final int pages;

	private final Pace pace;

	private final Lease lease;

	private final StoreMonitor monitor;

	private final Thread thread = new Thread(this::run, "psqache-sweeper");

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition closing = this.lock.newCondition();

	private boolean closed;

	private @Nullable Sweep sweep;

	private long place;

	private List<Eviction> evictions = List.of();

	private long figuresReadAt;

	/**
	 * Rows that the statistics said were inserted when a bound will be exceeded, or may
	 * be.
	 */
	private long insertedWhenFull = Long.MAX_VALUE;

	private long insertedAtStart;

	private boolean failing;

	/**
	 * Create it.
	 * @param namespace the application whose figures to read
	 * @param interval how long it rests while there is little to do
	 * @param pages how many pages of the table it goes through between two rests
	 */
	Sweeper(SweepSql sql, Sweep.Requests requests, Figures figures, String namespace, Duration interval, int pages,
			StoreMonitor monitor) {
		this.sql = sql;
		this.requests = requests;
		this.figures = figures;
		this.namespace = namespace;
		this.pages = pages;
		this.pace = new Pace(interval);
		this.lease = new Lease(sql, interval);
		this.monitor = monitor;
		this.figuresReadAt = System.nanoTime() - interval.toNanos();
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		Duration rest = Duration.ZERO;
		while (!isClosedAfter(rest)) {
			try {
				rest = turn();
				this.failing = false;
			}
			catch (RuntimeException ex) {
				rest = this.pace.interval();
				failed(ex);
			}
		}
		if (this.sweep != null) {
			giveUpLease();
		}
	}

	private boolean isClosedAfter(Duration rest) {
		this.lock.lock();
		try {
			long nanos = rest.toNanos();
			while (!this.closed && nanos > 0) {
				nanos = this.closing.awaitNanos(nanos);
			}
			return this.closed;
		}
		catch (InterruptedException ex) {
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A step of a walk, if the lease is this instance's.
	 * @return how long to rest after it
	 */
	private Duration turn() {
		readFigures();
		long start = System.nanoTime();
		Optional<Lease.Held> held = this.requests.await((lane) -> this.lease.take(lane, this.place));
		if (held.isEmpty()) {
			this.sweep = null;
			return this.pace.interval();
		}
		return step(held.get(), start);
	}

	private Duration step(Lease.Held held, long start) {
		Sweep current = (this.sweep != null) ? this.sweep : begin(held);
		Sweep.Step step = current.next();
		this.place = current.place();
		this.monitor.swept(step.expired(), step.evicted());
		if (!current.hasNext()) {
			finish(current);
		}
		boolean urgent = held.inserted() >= this.insertedWhenFull;
		return this.pace.rest(step, current.steps(), urgent, Duration.ofNanos(System.nanoTime() - start));
	}

	private void readFigures() {
		if (System.nanoTime() - this.figuresReadAt >= this.pace.interval().toNanos()) {
			this.requests.await((lane) -> this.figures.read(lane, this.namespace));
			this.figuresReadAt = System.nanoTime();
		}
	}

	private Sweep begin(Lease.Held held) {
		Sweep begun = new Sweep(this.sql, this.requests, held.place(), this.pages, this.evictions);
		this.sweep = begun;
		this.evictions = List.of();
		this.insertedAtStart = held.inserted();
		return begun;
	}

	private void finish(Sweep done) {
		this.evictions = done.finish();
		long room = done.room();
		this.insertedWhenFull = (room < Long.MAX_VALUE) ? this.insertedAtStart + room : Long.MAX_VALUE;
		this.place = 0;
		this.sweep = null;
	}

	/**
	 * A step that took too long is tried again by smaller ones, and that is no failure
	 * yet.
	 */
	private void failed(RuntimeException failure) {
		FailureCause cause = StoreException.of(failure).failureCause();
		if (cause == FailureCause.TIMEOUT && this.sweep != null && !this.sweep.isAtItsLeast()) {
			return;
		}
		this.sweep = null;
		if (!this.failing) {
			this.failing = true;
			logger.warn("Expired entries stay in the table for now: {}. {} It is tried again every {}.",
					cause.description(), cause.remedy(), this.pace.interval());
		}
		logger.debug("The sweep failed", failure);
	}

	private void giveUpLease() {
		try {
			this.requests.await((lane) -> this.lease.release(lane, this.place));
		}
		catch (StoreException ex) {
			logger.debug("The lease was not given back; it runs out by itself", ex);
		}
	}

	/**
	 * Stop, after the statement that is under way.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.closing.signal();
		}
		finally {
			this.lock.unlock();
		}
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
