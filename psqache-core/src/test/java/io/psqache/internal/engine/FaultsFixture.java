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

import java.nio.file.Path;
import java.time.Duration;

import io.psqache.CacheManagerStatus;
import io.psqache.BreakerState;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.test.SteadyLoad;
import io.psqache.TestCaches;
import io.psqache.test.FaultyServer;
import io.psqache.test.TcpRelay;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A separate server under steady load, with assertions on the effect of a fault. No call
 * fails or exceeds the timeout, and none waits while the circuit breaker is open. Caching
 * resumes within 5 s, and no read is older than a completed eviction.
 */
abstract class FaultsFixture {

	/**
	 * How long a fault lasts; longer with {@code -Pfaults}.
	 */
	static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("psqache.test.outage", 1));

	private static final Logger logger = LoggerFactory.getLogger(FaultsFixture.class);

	private static final Duration TIMEOUT = Duration.ofMillis(300);

	/**
	 * How much longer than the timeout a call may take, because of the socket timeout and
	 * a busy machine.
	 */
	private static final Duration SLACK = Duration.ofSeconds(2);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path directory;

	/**
	 * The server of all tests of a class. Each test restores its state.
	 */
	@SuppressWarnings("NullAway.Init")
	static FaultyServer server;

	TcpRelay relay;

	private TestCaches caches;

	private SteadyLoad load;

	@BeforeAll
	static void startServer() {
		server = FaultyServer.start(directory, 20);
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@BeforeEach
	void start() {
		server.execute("drop schema if exists psqache cascade");
		TestCaches.migrate(server.dataSource());
		this.relay = server.relay();
		this.caches = TestCaches.on(url(), server, TIMEOUT);
		this.load = new SteadyLoad(this.caches.cache("books"));
		this.load.awaitHit();
	}

	/**
	 * Return the JDBC URL of the server.
	 */
	abstract String url();

	@AfterEach
	void stop() {
		this.load.close();
		this.caches.close();
		this.relay.close();
	}

	/**
	 * Cause a fault, wait until it is detected and for its duration, and end it.
	 */
	void outage(Runnable fault, Runnable end, FailureCause... causes) {
		long begin = System.nanoTime();
		fault.run();
		try {
			assertAvailable(begin, causes);
		}
		finally {
			end.run(); // otherwise other tests would have no server
		}
		assertResumed(begin, System.nanoTime());
	}

	private void assertAvailable(long begin, FailureCause... causes) {
		Concurrently.awaitThat(() -> status().breaker() != BreakerState.CLOSED);
		long open = System.nanoTime() + TIMEOUT.toNanos();
		Concurrently.awaitThat(
				() -> System.nanoTime() - begin > OUTAGE.toNanos() && System.nanoTime() - open > OUTAGE.toNanos() / 2);
		assertThat(status().cause()).isIn((Object[]) causes);
		long mended = System.nanoTime();
		assertThat(this.load.latency(open, mended, 0.99)).as("a call that waited would take the time limit")
			.isLessThan(TIMEOUT.dividedBy(2));
		logger.info("{} while open: p50 {} ms, p99 {} ms", causes[0],
				this.load.latency(open, mended, 0.5).toNanos() / 1e6,
				this.load.latency(open, mended, 0.99).toNanos() / 1e6);
	}

	void assertResumed(long begin, long mended) {
		Concurrently.awaitThat(() -> status().breaker() == BreakerState.CLOSED && status().pendingEvictions() == 0);
		Duration back = Duration.ofNanos(System.nanoTime() - mended).plus(this.load.awaitHit());
		Duration longest = this.load.latency(begin, System.nanoTime(), 1);
		logger.info("Back after {} ms; the longest call {} ms, {} calls", back.toMillis(), longest.toMillis(),
				this.load.calls());
		assertThat(this.load.problems()).isEmpty();
		assertThat(longest).isLessThan(TIMEOUT.plus(SLACK));
		// The test is about this time, which is documented.
		assertThat(back).isLessThan(Duration.ofSeconds(5));
	}

	CacheManagerStatus status() {
		return this.caches.manager().getStatus();
	}

}
