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

package io.psqache.internal.codec;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which values of a type are proven: a put that proves its value takes about ten times as
 * long. The first few are, since one value may have nothing to lose, and then the 16th,
 * 32nd, 64th and so on. After a loss all are, until a thousand in succession lose
 * nothing. Empty containers tell nothing of elements and are counted on their own.
 * Thread-safe.
 */
final class ProofSchedule {

	private static final int FIRST = 8;

	private static final int AFTER_A_LOSS = 1_000;

	private final Count values = new Count();

	private final Count empties = new Count();

	/**
	 * Whether a value is to be proven.
	 */
	boolean isDue(Object value) {
		return count(value).isDue();
	}

	/**
	 * A value was not what it came back as.
	 */
	void failed(Object value) {
		count(value).require(AFTER_A_LOSS);
	}

	/**
	 * An entry of the type cannot be read. The row may be broken, and not the type.
	 */
	void doubt() {
		this.values.require(FIRST);
		this.empties.require(FIRST);
	}

	private Count count(Object value) {
		return isEmpty(value) ? this.empties : this.values;
	}

	private static boolean isEmpty(Object value) {
		return (value instanceof Collection<?> collection && collection.isEmpty())
				|| (value instanceof Map<?, ?> map && map.isEmpty())
				|| (value instanceof Optional<?> optional && optional.isEmpty());
	}

	private static final class Count {

		private final AtomicLong values = new AtomicLong();

		/**
		 * How many of the next values are to be proven.
		 */
		private final AtomicInteger required = new AtomicInteger(FIRST);

		boolean isDue() {
			boolean isPowerOfTwo = Long.bitCount(this.values.incrementAndGet()) == 1;
			boolean isRequired = this.required.get() > 0
					&& this.required.getAndUpdate((left) -> Math.max(left - 1, 0)) > 0;
			return isRequired || isPowerOfTwo;
		}

		void require(int next) {
			this.required.accumulateAndGet(next, Math::max);
		}

	}

}
