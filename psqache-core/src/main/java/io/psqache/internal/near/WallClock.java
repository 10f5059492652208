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
 * The time of day, which messages carry so that it can be shown how long they took. The
 * clocks of two machines differ: nothing is decided by it.
 */
final class WallClock {

	private WallClock() {
	}

	/**
	 * Now, in microseconds of 1970.
	 */
	static long micros() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	/**
	 * How long ago something was, by another's clock and this one.
	 * @return not negative
	 */
	static Duration since(long micros) {
		return Duration.of(Math.max(0, micros() - micros), ChronoUnit.MICROS);
	}

}
