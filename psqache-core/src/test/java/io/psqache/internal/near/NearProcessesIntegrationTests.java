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

import io.psqache.NearStatistics;
import io.psqache.test.Concurrently;
import io.psqache.TestCaches;
import io.psqache.test.TestProcess;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two instances in processes of their own.
 */
class NearProcessesIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	@SuppressWarnings("NullAway.Init")
	private TestCaches here;

	@SuppressWarnings("NullAway.Init")
	private TestProcess there;

	@BeforeEach
	void start() throws Exception {
		TestCaches.migrate(this.database);
		this.here = TestCaches.near(this.database);
		this.here.cache("books").put("key", "old");
		this.there = TestProcess.start(NearProcess.class, this.database);
		this.here.awaitListening();
	}

	@AfterEach
	void stop() {
		this.there.close();
		this.here.close();
		this.database.close();
	}

	@Test
	void changeInOneProcessDropsTheCopyInAnother() throws Exception {
		this.there.awaitAnswer("get key", "old");
		this.there.ask("get key");
		assertThat(this.there.ask("hits")).isNotEqualTo("0");
		this.here.cache("books").put("key", "new");
		this.there.awaitAnswer("get key", "new");
		assertThat(this.there.ask("put key newer")).isEqualTo("done");
		Concurrently.awaitThat(() -> "newer".equals(read()));
	}

	/**
	 * The put has committed and no peer was told: its process died before.
	 */
	@Test
	void changeThatAProcessTookToItsGraveIsNoticed() throws Exception {
		assertThat(this.there.ask("put key older")).isEqualTo("done");
		Concurrently.awaitThat(() -> {
			long hits = near().hits();
			return "older".equals(read()) && near().hits() > hits;
		});
		this.there.ask("mute");
		assertThat(this.there.ask("put key newest")).isEqualTo("done");
		long changedAt = System.nanoTime();
		assertThat(this.there.ask("die")).isEqualTo("died");
		assertThat(this.database.query("select value #>> '{}' from psqache.cache_entry")).isEqualTo("newest");
		Concurrently.awaitThat(() -> "newest".equals(read()));
		// The time is the subject: peers wait 2 s, and the rest is for a busy machine.
		assertThat(Duration.ofNanos(System.nanoTime() - changedAt)).isLessThan(PeerTracker.PATIENCE.plusSeconds(5));
	}

	private Object read() {
		return String.valueOf(this.here.cache("books").get("key", String.class));
	}

	private NearStatistics near() {
		NearStatistics near = this.here.cache("books").getStatistics().near();
		if (near == null) {
			throw new AssertionError("No near cache");
		}
		return near;
	}

}
