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

package io.psqache.internal.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import io.psqache.test.Concurrently;
import io.psqache.TestCaches;
import io.psqache.test.TestProcess;
import io.psqache.internal.near.NearProcess;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two processes with near caches, the clock of one of which is wrong by an hour. Skipped
 * where there is no libfaketime (Debian's package {@code faketime}).
 */
class WrongClockIntegrationTests {

	@AutoClose
	private final TestDatabase database = TestDatabase.create();

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database.dataSource());
	}

	@ParameterizedTest
	@ValueSource(strings = { "+1h", "-1h" })
	void entriesLiveAndCopiesGoAsIfItWereRight(String shift) throws Exception {
		Map<String, String> environment = Map.of("LD_PRELOAD", library(), "FAKETIME", shift, "DONT_FAKE_MONOTONIC", "1",
				"FAKETIME_DONT_FAKE_MONOTONIC", "1");
		try (TestProcess wrong = TestProcess.start(NearProcess.class, this.database, environment);
				TestProcess right = TestProcess.start(NearProcess.class, this.database)) {
			long difference = Long.parseLong(wrong.ask("time")) - Long.parseLong(right.ask("time"));
			assertThat(Math.abs(difference)).isGreaterThan(Duration.ofMinutes(59).toMillis());
			for (TestProcess process : new TestProcess[] { wrong, right }) {
				TestProcess other = (process == wrong) ? right : wrong;
				process.ask("put key old");
				awaitCopy(process, "old");
				awaitCopy(other, "old");
				process.ask("put key new");
				assertThat(process.ask("get key")).isEqualTo("new");
				other.awaitAnswer("get key", "new");
				process.ask("evict key");
				assertThat(process.ask("get key")).isEqualTo("null");
				other.awaitAnswer("get key", "null");
			}
			wrong.ask("put key short");
			this.database.execute("update psqache.cache_entry "
					+ "set expires_at = now() + interval '2s', live_until = now() + interval '2s'");
			assertThat(wrong.ask("get key")).isEqualTo("short");
			wrong.awaitAnswer("get key", "null");
			assertThat(right.ask("get key")).isEqualTo("null");
		}
	}

	private static void awaitCopy(TestProcess process, String value) {
		Concurrently.awaitThat(() -> {
			long hits = Long.parseLong(process.ask("hits"));
			return process.ask("get key").equals(value) && Long.parseLong(process.ask("hits")) > hits;
		});
	}

	private static String library() {
		Path library = Stream
			.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/local/lib")
			.map((directory) -> Path.of(directory, "faketime", "libfaketimeMT.so.1"))
			.filter(Files::exists)
			.findFirst()
			.orElse(null);
		Assumptions.assumeTrue(library != null, "There is no libfaketime");
		return String.valueOf(library);
	}

}
