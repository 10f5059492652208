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
 * Selects the values of a type to verify, because a put with verification takes about 10
 * times as long:
 * <ol>
 * <li>The first 8 values, because a single value may have nothing to lose, and then the
 * 16th, 32nd, 64th and so on.</li>
 * <li>After a failed verification, all values until 1,000 in succession pass.</li>
 * </ol>
 * Empty containers do not exercise the types of elements, so they are counted separately.
 * Thread-safe.
 */
final class ProofSchedule {

	private static final int FIRST = 8;

	private static final int AFTER_FAILURE = 1_000;

	private final Count values = new Count();

	private final Count empties = new Count();

	/**
	 * Return whether a value must be verified.
	 */
	boolean isDue(Object value) {
		return count(value).isDue();
	}

	/**
	 * Verify all values after the restored value of one differed.
	 */
	void failed(Object value) {
		count(value).require(AFTER_FAILURE);
	}

	/**
	 * Verify the next values, because an entry of the type could not be read. The row may
	 * be damaged, rather than the type unsupported.
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
		 * The number of the next values to verify.
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
