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
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Provides the time of day for message timestamps, which serve only metrics. The clocks
 * of two machines differ, so no decision depends on it.
 */
final class WallClock {

	private WallClock() {
	}

	/**
	 * Return the current time in microseconds since 1970.
	 */
	static long micros() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	/**
	 * Return the time since a timestamp of another machine.
	 * @return the difference, not negative
	 */
	static Duration since(long micros) {
		return Duration.of(Math.max(0, micros() - micros), ChronoUnit.MICROS);
	}

}
