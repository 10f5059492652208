package io.psqache.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

import io.psqache.engine.Engine;

import org.jspecify.annotations.Nullable;

/**
 * Knows which transactions every fence shows as committed that is still worth something:
 * those that a snapshot shows which was taken longer ago than a fence lives. What they
 * wrote is evidence of nothing any more. It remembers a snapshot now and then; until it
 * has had one for long enough it knows of none. Thread-safe.
 * <p>
 * The time at which a row was written would not do, since its transaction may have
 * committed long after.
 */
public final class Horizon {

	/**
	 * Snapshots remembered in the life of a fence.
	 */
	private static final int MARKS = 16;

	private final long age;

	private final Deque<Mark> marks = new ArrayDeque<>();

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * Create it.
	 * @param fenceLife how long a fence is worth something at most
	 * @param statement how long a put may take that was begun before it was not
	 */
	Horizon(Duration fenceLife, Duration statement) {
		this.age = fenceLife.plus(statement).plus(Engine.GRACE).toNanos();
	}

	/**
	 * Remember a snapshot that was taken just now.
	 * @param snapshot a {@code pg_snapshot}
	 */
	public void mark(String snapshot) {
		long now = System.nanoTime();
		this.lock.lock();
		try {
			Mark last = this.marks.peekLast();
			if (last == null || now - last.takenBefore() >= this.age / MARKS) {
				this.marks.add(new Mark(snapshot, now));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The latest snapshot that is old enough.
	 * @return a {@code pg_snapshot}; {@code null} if there is none
	 */
	public @Nullable String snapshot() {
		long now = System.nanoTime();
		this.lock.lock();
		try {
			Mark past = null;
			while (!this.marks.isEmpty() && now - this.marks.getFirst().takenBefore() >= this.age) {
				past = this.marks.removeFirst();
			}
			if (past != null) {
				this.marks.addFirst(past);
			}
			return (past != null) ? past.snapshot() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Mark(String snapshot, long takenBefore) {

	}

}
