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

import java.time.Duration;

/**
 * Stored values as they are read from the database where copies are kept.
 */
public final class TimedValues {

	private TimedValues() {
	}

	public static StoredValue text(String type) {
		return text(type, StoredValue.FOREVER);
	}

	/**
	 * A value of 98 bytes.
	 * @param type the type it is of
	 * @param timeLeft how long its entry lives yet
	 * @return the value
	 */
	public static StoredValue text(String type, Duration timeLeft) {
		return StoredValue.json("1".repeat(98), type).withTimeLeft(timeLeft);
	}

}
