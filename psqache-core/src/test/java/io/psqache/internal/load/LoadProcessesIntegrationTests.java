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

package io.psqache.internal.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.psqache.TestCaches;
import io.psqache.test.TestProcess;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that one of three processes at a time loads a key.
 */
class LoadProcessesIntegrationTests {

	private static final int PROCESSES = 3;

	private static final int ROUNDS = 5;

	/**
	 * The time to send the commands to all processes.
	 */
	private static final long AHEAD_MILLIS = 300;

	private final TestDatabase database = TestDatabase.create();

	private final List<TestProcess> processes = new ArrayList<>();

	@BeforeEach
	void start() throws Exception {
		TestCaches.migrate(this.database);
		for (int number = 0; number < PROCESSES; number++) {
			this.processes.add(TestProcess.start(LoadProcess.class, this.database));
		}
		for (TestProcess process : this.processes) {
			assertThat(process.ask("loads")).isEqualTo("0");
		}
	}

	@AfterEach
	void stop() {
		this.processes.forEach(TestProcess::close);
		this.database.close();
	}

	@Test
	void missingKeyIsLoadedOnceForTwoHundredThreadsOfEachProcess() throws Exception {
		for (int round = 1; round <= ROUNDS; round++) {
			long moment = System.currentTimeMillis() + AHEAD_MILLIS;
			for (TestProcess process : this.processes) {
				process.ask("load key" + round + " 200 500 " + moment);
			}
			Outcome all = outcome(this.processes);
			assertThat(all.values()).hasSize(1);
			assertThat(loads(this.processes)).isEqualTo(round);
			assertThat(all.millis()).isGreaterThanOrEqualTo(500L);
		}
	}

	@Test
	void anotherProcessLoadsWhenTheLeaseOfAKilledProcessLapses() throws Exception {
		TestProcess killed = this.processes.get(0);
		List<TestProcess> others = this.processes.subList(1, PROCESSES);
		killed.ask("load key 1 3600000 0");
		killed.awaitAnswer("loads", "1");
		for (TestProcess process : others) {
			process.ask("load key 50 10 " + System.currentTimeMillis());
			process.awaitAnswer("waits", "1");
		}
		assertThat(this.database.query("select count(*) from psqache.load")).isEqualTo("1");
		long killedAt = System.nanoTime();
		killed.kill();
		Outcome all = outcome(others);
		// The test is about the duration of a lease. A busy machine takes longer, but
		// less than twice as long.
		assertThat(Duration.ofNanos(System.nanoTime() - killedAt)).isLessThan(LoadLeases.LIFE.multipliedBy(3));
		assertThat(all.values()).hasSize(1);
		assertThat(loads(others)).isOne();
		assertThat(this.database.query("select value #>> '{}' from psqache.cache_entry"))
			.isEqualTo(all.values().iterator().next());
	}

	private static int loads(List<TestProcess> processes) throws IOException {
		int loads = 0;
		for (TestProcess process : processes) {
			loads += Integer.parseInt(process.ask("loads"));
		}
		return loads;
	}

	private static Outcome outcome(List<TestProcess> processes) throws IOException {
		Set<String> values = new HashSet<>();
		long millis = 0;
		for (TestProcess process : processes) {
			String[] words = process.ask("outcome").split(" ", -1);
			values.addAll(List.of(words[0].split(",", -1)));
			millis = Math.max(millis, Long.parseLong(words[1]));
		}
		return new Outcome(values, millis);
	}

	/**
	 * The outcome of the reads of a key.
	 * 
	 * @param values the values that the threads received
	 * @param millis the milliseconds until the last thread had its value
	 */
	private record Outcome(Set<String> values, long millis) {

	}

}
