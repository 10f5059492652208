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

package io.psqache.codec;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which values of a type are proven: to prove one costs about as much as to read it three
 * times. The first few are, since one value may have nothing to lose, and then the 16th,
 * 32nd, 64th and so on. After one has failed all are. Thread-safe.
 */
final class ProofSchedule {

	private static final int FIRST = 8;

	private final AtomicLong values = new AtomicLong();

	private volatile boolean isSuspect;

	/**
	 * Whether a value is to be proven. An empty container tells nothing of its elements.
	 */
	boolean isDue(Object value) {
		if (this.isSuspect || isEmpty(value)) {
			return true;
		}
		long count = this.values.incrementAndGet();
		return count <= FIRST || Long.bitCount(count) == 1;
	}

	private static boolean isEmpty(Object value) {
		return (value instanceof Collection<?> collection && collection.isEmpty())
				|| (value instanceof Map<?, ?> map && map.isEmpty())
				|| (value instanceof Optional<?> optional && optional.isEmpty());
	}

	/**
	 * A value was not what it came back as, or an entry of the type cannot be read.
	 */
	void failed() {
		this.isSuspect = true;
	}

}
