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
 * Publishes the changes of this instance to its peers, on one thread:
 * <ol>
 * <li>Changes that occur during a statement, or within 2 ms of it, share the next
 * statement. After a period without changes, the first is sent immediately.</li>
 * <li>If a statement fails, its changes are kept and sent again.</li>
 * <li>A heartbeat follows all earlier changes every 500 ms. A peer that receives no
 * heartbeat cannot rely on its near entries.</li>
 * </ol>
 * Thread-safe.
 */
final class InvalidationPublisher implements AutoCloseable {

	/**
	 * The delay between two statements, so that many changes share one: NOTIFY takes a
	 * database-wide lock at commit.
	 */
	private static final Duration PACE = Duration.ofMillis(2);

	private static final Duration HEARTBEAT = Duration.ofMillis(500);

	/**
	 * The delay after a failed statement.
	 */
	private static final Duration RETRY = Duration.ofMillis(200);

	private static final Logger logger = LoggerFactory.getLogger(InvalidationPublisher.class);

	private final Notifications notifications;

	private final String sender;

	private final Consumer<Integer> invalidateAll;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition work = this.lock.newCondition();

	private final Thread thread = new Thread(this::run, "psqache-publisher");

	private PendingInvalidations changes = new PendingInvalidations();

	/**
	 * Messages about suspensions, sent as they are.
	 */
	private List<InvalidationMessage> others = new ArrayList<>();

	private final UncertainWrites uncertainWrites;

	private boolean started;

	private final CountDownLatch closed = new CountDownLatch(1);

	private long heartbeatAt = System.nanoTime();

	private boolean failing;

	private final LongAdder sent = new LongAdder();

	private volatile long deliveredAt = System.nanoTime();

	/**
	 * Create a new publisher.
	 * @param sender the id of this instance
	 * @param invalidateAll receives the ids of caches whose uncertain writes are due
	 */
	InvalidationPublisher(Notifications notifications, String sender, Consumer<Integer> invalidateAll) {
		this.notifications = notifications;
		this.sender = sender;
		this.invalidateAll = invalidateAll;
		this.uncertainWrites = new UncertainWrites(notifications.longestWrite());
		this.thread.setDaemon(true);
	}

	/**
	 * Start the thread unless it is running.
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
	 * Publish a change.
	 * @param hash the hash of the key; {@code null} for all keys
	 */
	void add(int cacheId, @Nullable Long hash) {
		long micros = WallClock.micros();
		change(() -> {
			if (this.changes.isEmpty()) {
				this.work.signal();
			}
			this.changes.add(cacheId, hash, micros);
		});
	}

	/**
	 * Send a message, after the changes that were added before it.
	 */
	void add(InvalidationMessage message) {
		change(() -> {
			this.others.add(message);
			this.work.signal();
		});
	}

	/**
	 * Publish a change of the whole cache when an uncertain write can no longer execute.
	 */
	void addUncertain(int cacheId) {
		change(() -> this.uncertainWrites.add(cacheId, System.nanoTime()));
	}

	/**
	 * Return a heartbeat message.
	 */
	String alive() {
		return new InvalidationMessage.Alive(this.sender, System.nanoTime()).text();
	}

	/**
	 * Send a heartbeat immediately.
	 */
	void sendHeartbeat() {
		change(() -> {
			this.heartbeatAt = System.nanoTime();
			this.work.signal();
		});
	}

	/**
	 * Return when a statement last succeeded, by {@link System#nanoTime()}.
	 */
	long deliveredAt() {
		return this.deliveredAt;
	}

	/**
	 * Return the number of invalidations sent.
	 */
	long sent() {
		return this.sent.sum();
	}

	private void run() {
		try {
			while (awaitWork()) {
				Duration delay = publishPending() ? PACE : RETRY;
				this.closed.await(delay.toNanos(), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The publisher is interrupted and ends", ex);
		}
	}

	/**
	 * Wait for a change or the next heartbeat.
	 * @return {@code false} if the publisher is closed
	 */
	private boolean awaitWork() throws InterruptedException {
		this.lock.lock();
		try {
			long timeout = this.heartbeatAt - System.nanoTime();
			while (!isClosed() && this.changes.isEmpty() && this.others.isEmpty() && timeout > 0) {
				this.work.awaitNanos(timeout);
				timeout = this.heartbeatAt - System.nanoTime();
			}
			return !isClosed();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Send the pending changes and, if due, a heartbeat.
	 * @return whether the statement succeeded
	 */
	private boolean publishPending() {
		locked(() -> this.uncertainWrites.due(System.nanoTime())).forEach(this.invalidateAll);
		long now = System.nanoTime();
		boolean heartbeat = now - this.heartbeatAt >= 0;
		List<InvalidationMessage> others = takeOthers();
		PendingInvalidations taken = take();
		List<String> messages = new ArrayList<>(taken.messages(this.sender));
		int changed = messages.size();
		others.forEach((other) -> messages.add(other.text()));
		if (heartbeat) {
			messages.add(alive());
		}
		if (!send(messages)) {
			change(() -> {
				this.changes.addAll(taken);
				this.others.addAll(0, others);
			});
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

	private List<InvalidationMessage> takeOthers() {
		return locked(() -> {
			List<InvalidationMessage> taken = this.others;
			this.others = new ArrayList<>();
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
		logger.debug("Invalidations could not be sent", failure);
	}

	/**
	 * Send the remaining changes and the shutdown of this instance, so that peers do not
	 * drop near entries when its heartbeats stop.
	 */
	@Override
	public void close() {
		boolean running = locked(() -> {
			boolean first = this.started && !isClosed();
			this.closed.countDown();
			this.work.signal();
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
			return; // Peers drop near entries when the heartbeats stop.
		}
		List<InvalidationMessage> others = takeOthers();
		PendingInvalidations last = take();
		List<String> messages = new ArrayList<>(last.messages(this.sender));
		others.forEach((other) -> messages.add(other.text()));
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
