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

package io.psqache.internal.sweep;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the events that end a pause.
 */
@Timeout(30)
class InterruptiblePauseTests {

	private static final Duration LONG = Duration.ofDays(1);

	private final InterruptiblePause pause = new InterruptiblePause();

	@Test
	void pauseEndsAfterItsDuration() {
		assertThat(this.pause.isClosedAfter(Duration.ofMillis(1))).isFalse();
	}

	@Test
	void wakeBeforePauseEndsOnePause() {
		this.pause.wake();
		long begun = System.nanoTime();
		assertThat(this.pause.isClosedAfter(LONG)).isFalse();
		assertThat(this.pause.isClosedAfter(Duration.ofMillis(20))).isFalse();
		assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
	}

	@Test
	void closedPauseEndsImmediately() {
		this.pause.close();
		assertThat(this.pause.isClosedAfter(LONG)).isTrue();
		assertThat(this.pause.isClosedAfter(LONG)).isTrue();
	}

	@Test
	void closeEndsPause() throws InterruptedException {
		Thread closing = new Thread(this.pause::close);
		closing.start();
		assertThat(this.pause.isClosedAfter(LONG)).isTrue();
		closing.join();
	}

}
