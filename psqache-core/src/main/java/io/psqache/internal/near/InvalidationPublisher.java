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

package io.psqache.internal.near;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.psqache.StoreException;
import io.psqache.internal.store.Notifications;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other instances what this one has changed. One thread:
 * <ol>
 * <li>What changes while a statement is under way, or right after one, goes with the
 * next. The first after a rest goes at once.</li>
 * <li>What cannot be sent is kept, and sent when it can.</li>
 * <li>Twice a second it says that this instance lives, when all that had changed before
 * has been told: a peer that receives nothing more does not know what has changed.</li>
 * </ol>
 * Thread-safe.
 */
final class InvalidationPublisher implements AutoCloseable {

	/**
	 * Between two statements, so that many changes share one: a NOTIFY takes a lock of
	 * the whole database when it commits.
	 */
	private static final Duration PACE = Duration.ofMillis(2);

	private static final Duration HEARTBEAT = Duration.ofMillis(500);

	/**
	 * Between a statement that has failed and the next.
	 */
	private static final Duration RETRY = Duration.ofMillis(200);

	private static final Logger logger = LoggerFactory.getLogger(InvalidationPublisher.class);

	private final Notifications notifications;

	private final String sender;

	private final Consumer<Integer> doubtful;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition something = this.lock.newCondition();

	private final Thread thread = new Thread(this::run, "psqache-announcer");

	private PendingInvalidations changes = new PendingInvalidations();

	private final UncertainWrites doubts;

	private boolean started;

	private final CountDownLatch closed = new CountDownLatch(1);

	private long heartbeatAt = System.nanoTime();

	private boolean failing;

	private final LongAdder sent = new LongAdder();

	private volatile long deliveredAt = System.nanoTime();

	/**
	 * Create it.
	 * @param sender the name of this instance
	 * @param doubtful is told the ids of caches that count as changed
	 */
	InvalidationPublisher(Notifications notifications, String sender, Consumer<Integer> doubtful) {
		this.notifications = notifications;
		this.sender = sender;
		this.doubtful = doubtful;
		this.doubts = new UncertainWrites(notifications.longestWrite());
		this.thread.setDaemon(true);
	}

	/**
	 * Begin, unless it has begun.
	 */
	void start() {
		change(() -> {
			if (!this.started && !isClosed()) {
				this.started = true;
				this.thread.start();
			}
		});
	}

	/**
	 * Announce a change.
	 * @param hash the hash of the key; {@code null} for all keys
	 */
	void add(int cacheId, @Nullable Long hash) {
		long micros = WallClock.micros();
		change(() -> {
			if (this.changes.isEmpty()) {
				this.something.signal();
			}
			this.changes.add(cacheId, hash, micros);
		});
	}

	/**
	 * Announce, when it must be over, that a cache may have changed.
	 */
	void doubt(int cacheId) {
		change(() -> this.doubts.add(cacheId, System.nanoTime()));
	}

	/**
	 * The message that this instance lives.
	 */
	String alive() {
		return new InvalidationMessage.Alive(this.sender, System.nanoTime()).text();
	}

	/**
	 * Say now that this instance lives.
	 */
	void hurry() {
		change(() -> {
			this.heartbeatAt = System.nanoTime();
			this.something.signal();
		});
	}

	/**
	 * When a statement last succeeded, by {@link System#nanoTime()}.
	 */
	long deliveredAt() {
		return this.deliveredAt;
	}

	/**
	 * How many messages about changes were sent.
	 */
	long sent() {
		return this.sent.sum();
	}

	private void run() {
		try {
			while (awaitSomething()) {
				Duration rest = turn() ? PACE : RETRY;
				this.closed.await(rest.toNanos(), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The announcer was interrupted", ex); // it ends
		}
	}

	/**
	 * Wait for a change, or for the time to say that this instance lives.
	 * @return {@code false} if it is closed
	 */
	private boolean awaitSomething() throws InterruptedException {
		this.lock.lock();
		try {
			long patience = this.heartbeatAt - System.nanoTime();
			while (!isClosed() && this.changes.isEmpty() && patience > 0) {
				this.something.awaitNanos(patience);
				patience = this.heartbeatAt - System.nanoTime();
			}
			return !isClosed();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Send what there is.
	 * @return whether it succeeded
	 */
	private boolean turn() {
		locked(() -> this.doubts.due(System.nanoTime())).forEach(this.doubtful);
		long now = System.nanoTime();
		boolean heartbeat = now - this.heartbeatAt >= 0;
		PendingInvalidations taken = take();
		List<String> messages = new ArrayList<>(taken.messages(this.sender));
		int changed = messages.size();
		if (heartbeat) {
			messages.add(alive());
		}
		if (!send(messages)) {
			change(() -> this.changes.addAll(taken));
			return false;
		}
		this.sent.add(changed);
		if (heartbeat) {
			change(() -> this.heartbeatAt = now + HEARTBEAT.toNanos());
		}
		return true;
	}

	private boolean isClosed() {
		return this.closed.getCount() == 0;
	}

	private PendingInvalidations take() {
		return locked(() -> {
			PendingInvalidations taken = this.changes;
			this.changes = new PendingInvalidations();
			return taken;
		});
	}

	private boolean send(List<String> messages) {
		try {
			if (!messages.isEmpty()) {
				this.notifications.send(messages).await();
				this.deliveredAt = System.nanoTime();
			}
			this.failing = false;
			return true;
		}
		catch (StoreException ex) {
			failed(ex);
			return false;
		}
	}

	private void failed(StoreException failure) {
		if (!this.failing) {
			this.failing = true;
			logger.warn(
					"Invalidations cannot be sent to other instances: {}. {} Until this succeeds, the "
							+ "other instances do not use their near entries.",
					failure.failureCause().description(), failure.failureCause().remedy());
		}
		logger.debug("Changes could not be announced", failure);
	}

	/**
	 * Tell the rest, and that this instance goes: then no peer drops copies for it.
	 */
	@Override
	public void close() {
		boolean running = locked(() -> {
			boolean first = this.started && !isClosed();
			this.closed.countDown();
			this.something.signal();
			return first;
		});
		if (!running) {
			return;
		}
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return; // others notice the silence
		}
		PendingInvalidations last = take();
		List<String> messages = new ArrayList<>(last.messages(this.sender));
		messages.add(new InvalidationMessage.Gone(this.sender, System.nanoTime()).text());
		send(messages);
	}

	private void change(Runnable work) {
		locked(() -> {
			work.run();
			return true;
		});
	}

	private <T> T locked(Supplier<T> work) {
		this.lock.lock();
		try {
			return work.get();
		}
		finally {
			this.lock.unlock();
		}
	}

}
