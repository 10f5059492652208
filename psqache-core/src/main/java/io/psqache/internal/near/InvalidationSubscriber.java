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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.store.Notifications;
import io.psqache.internal.store.Subscription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives invalidations on one connection and one thread. Opens a new connection when
 * the current one fails, or when this instance has not received its own heartbeats for 4
 * seconds: the server may then be unreachable.
 */
final class InvalidationSubscriber implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(250);

	/**
	 * How long this instance may miss its own heartbeats before the connection counts as
	 * failed.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(4);

	private static final Duration MIN_BACKOFF = Duration.ofMillis(100);

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(InvalidationSubscriber.class);

	private final Notifications notifications;

	private final InvalidationPublisher publisher;

	private final InvalidationBus.Receiver receiver;

	private final Thread thread = new Thread(this::run, "psqache-subscriber");

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile @Nullable Subscription subscription;

	private Duration backoff = MIN_BACKOFF;

	private boolean warnedOfLoss;

	private boolean warnedOfPooler;

	/**
	 * Why no invalidations are received, as the end of a sentence.
	 */
	private volatile String reason = "the connection for invalidations is not open yet";

	InvalidationSubscriber(Notifications notifications, InvalidationPublisher publisher,
			InvalidationBus.Receiver receiver) {
		this.notifications = notifications;
		this.publisher = publisher;
		this.receiver = receiver;
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	String reason() {
		return this.reason;
	}

	private void run() {
		while (!isClosed()) {
			try (Subscription opened = this.notifications.listen()) {
				this.subscription = opened;
				if (!receive(opened)) {
					undelivered();
				}
			}
			catch (StoreException ex) {
				lost(ex.failureCause().description(), ex);
			}
			catch (RuntimeException ex) {
				lost(FailureCause.OTHER.description(), ex);
			}
			backOff();
		}
	}

	/**
	 * Receive messages until the subscriber is closed or the connection fails.
	 * @return {@code false} if notifications cannot arrive: heartbeats were sent, but
	 * none was received
	 */
	private boolean receive(Subscription opened) {
		this.receiver.begin();
		this.publisher.sendHeartbeat();
		long begun = System.nanoTime();
		while (!isClosed()) {
			opened.receive(POLL).forEach(this.receiver::receive);
			this.receiver.processed();
			long now = System.nanoTime();
			long receivedAt = this.receiver.ownHeartbeatAt();
			boolean isReceiving = receivedAt - begun >= 0;
			if (isReceiving) {
				recovered();
			}
			if (now - (isReceiving ? receivedAt : begun) > PATIENCE.toNanos()) {
				if (!isReceiving && this.publisher.deliveredAt() - begun > TimeUnit.SECONDS.toNanos(1)) {
					return false;
				}
				throw new StoreException(FailureCause.TIMEOUT, null);
			}
		}
		return true;
	}

	private boolean isClosed() {
		return this.closed.getCount() == 0;
	}

	private void recovered() {
		this.backoff = MIN_BACKOFF;
		if (this.warnedOfLoss) {
			logger.info("The near cache is in use again.");
		}
		this.warnedOfLoss = false;
		this.warnedOfPooler = false;
	}

	private void lost(String why, Exception failure) {
		this.receiver.end();
		this.reason = why;
		if (isClosed()) {
			return;
		}
		if (!this.warnedOfLoss && !this.warnedOfPooler) {
			this.warnedOfLoss = true;
			logger.warn("The near cache is bypassed, because invalidations cannot be received: {}. It "
					+ "resumes by itself.", why);
		}
		logger.debug("The connection for invalidations is lost", failure);
	}

	private void undelivered() {
		this.receiver.end();
		this.reason = "invalidations are sent but do not arrive, as behind a connection pooler in "
				+ "transaction mode";
		this.backoff = MAX_BACKOFF;
		if (!this.warnedOfPooler) {
			this.warnedOfPooler = true;
			logger.warn("The near cache stays off: {}. Set psqache.datasource.url to PostgreSQL itself "
					+ "instead of the pooler, or disable near caches.", this.reason);
		}
	}

	private void backOff() {
		try {
			this.closed.await(this.backoff.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			// Only close() ends the thread.
		}
		Duration longer = this.backoff.multipliedBy(2);
		this.backoff = (longer.compareTo(MAX_BACKOFF) < 0) ? longer : MAX_BACKOFF;
	}

	@Override
	public void close() {
		this.closed.countDown();
		Subscription open = this.subscription;
		if (open != null) {
			open.close();
		}
		try {
			this.thread.join(PATIENCE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
