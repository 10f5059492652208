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

package io.psqache;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.psqache.internal.engine.OutageIntegrationTests;
import io.psqache.internal.load.LoadIntegrationTests;
import io.psqache.test.CallerThreads;
import io.psqache.test.Concurrently;
import io.psqache.test.OnVirtualThreads;
import io.psqache.test.TestDatabase;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tests of the cache with callers on virtual threads, and that waiting callers do not
 * pin their carriers.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
class CacheOnVirtualThreadsIntegrationTests {

	@Nested
	@ExtendWith(OnVirtualThreads.class)
	class Outages extends OutageIntegrationTests {

	}

	@Nested
	@ExtendWith(OnVirtualThreads.class)
	class Load extends LoadIntegrationTests {

	}

	@Nested
	@ExtendWith(OnVirtualThreads.class)
	class Stress extends StressIntegrationTests {

	}

	@Nested
	@ExtendWith(OnVirtualThreads.class)
	class UserCode extends UserCodeIntegrationTests {

	}

	/**
	 * Before JDK 24, monitors in the JDK and in the driver pin virtual threads, which
	 * psqache cannot change.
	 */
	@Nested
	@EnabledForJreRange(min = JRE.JAVA_24)
	class Carriers {

		private static final int CALLERS = 200;

		@Test
		void waitingCallersAreNotPinned(@TempDir Path directory) throws Exception {
			try (TestDatabase database = TestDatabase.create();
					TestCaches caches = TestCaches.on(database, (defaults) -> defaults)) {
				TestCaches.migrate(database);
				PostgresCache cache = caches.cache("books");
				// One-time work, such as class loading, may pin: do it before the
				// recording.
				useAll(database, cache);
				useAll(database, cache);
				List<RecordedEvent> pinned = pinned(directory, () -> useAll(database, cache));
				assertThat(pinned).isEmpty();
			}
		}

		/**
		 * More callers wait than there are carriers, and another virtual thread must
		 * still run.
		 */
		private void useAll(TestDatabase database, PostgresCache cache) throws Exception {
			Future<List<@Nullable Object>> callers;
			try (TestDatabase.Lock lock = database.lock("psqache.cache_entry")) {
				callers = Concurrently.start(CallerThreads.VIRTUAL, CALLERS, (number) -> switch (number % 4) {
					case 0 -> cache.get(number);
					case 1 -> cache.get("loaded", () -> number);
					case 2 -> cache.evictIfPresent(number);
					default -> {
						cache.put(number, "value");
						yield null;
					}
				});
				Concurrently.awaitThat(() -> database.locksWaitedFor() == 4);
				Concurrently.start(CallerThreads.VIRTUAL, 1, (number) -> number).get(30, TimeUnit.SECONDS);
			}
			callers.get(30, TimeUnit.SECONDS);
		}

		/**
		 * Shows that pinned threads are detected: one waits in a static initializer.
		 */
		@Test
		void pinnedThreadIsDetected(@TempDir Path directory) throws Exception {
			assertThat(pinned(directory, () -> {
				AtomicReference<Thread> waiting = new AtomicReference<>();
				Future<?> pinned = Concurrently.start(CallerThreads.VIRTUAL, 1, (number) -> {
					waiting.set(Thread.currentThread());
					return WaitsWhileItIsInitialized.DONE;
				});
				Concurrently.awaitThat(() -> isWaiting(waiting.get()));
				Release.latch.countDown();
				pinned.get(30, TimeUnit.SECONDS);
			})).isNotEmpty();
		}

		private static boolean isWaiting(@Nullable Thread thread) {
			return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
		}

		private List<RecordedEvent> pinned(Path directory, Work work) throws Exception {
			Path file = directory.resolve("pinned.jfr");
			try (Recording recording = new Recording()) {
				recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
				recording.start();
				work.run();
				recording.stop();
				recording.dump(file);
			}
			assertThat(Files.size(file)).isPositive();
			return RecordingFile.readAllEvents(file)
				.stream()
				.filter((event) -> event.getStackTrace() != null
						&& event.getStackTrace().getFrames().stream().anyMatch(Carriers::isOurs))
				.toList();
		}

		private static boolean isOurs(RecordedFrame frame) {
			return frame.getMethod().getType().getName().startsWith("io.psqache.");
		}

	}

	/**
	 * The work to record.
	 */
	private interface Work {

		void run() throws Exception;

	}

	private static final class Release {

		static final CountDownLatch latch = new CountDownLatch(1);

	}

	private static final class WaitsWhileItIsInitialized {

		static final boolean DONE = await();

		private static boolean await() {
			try {
				return Release.latch.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
