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
 * What ends a rest.
 */
@Timeout(30)
class InterruptiblePauseTests {

	private static final Duration LONG = Duration.ofDays(1);

	private final InterruptiblePause rest = new InterruptiblePause();

	@Test
	void itEndsByItself() {
		assertThat(this.rest.isClosedAfter(Duration.ofMillis(1))).isFalse();
	}

	@Test
	void whoWakesBeforeItBeginsEndsOneRest() {
		this.rest.wake();
		long begun = System.nanoTime();
		assertThat(this.rest.isClosedAfter(LONG)).isFalse();
		assertThat(this.rest.isClosedAfter(Duration.ofMillis(20))).isFalse();
		assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
	}

	@Test
	void afterItIsClosedThereIsNone() {
		this.rest.close();
		assertThat(this.rest.isClosedAfter(LONG)).isTrue();
		assertThat(this.rest.isClosedAfter(LONG)).isTrue();
	}

	@Test
	void itEndsWhenItIsClosedMeanwhile() throws InterruptedException {
		Thread closing = new Thread(this.rest::close);
		closing.start();
		assertThat(this.rest.isClosedAfter(LONG)).isTrue();
		closing.join();
	}

}
