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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The pairs of objects that one comparison has met. It takes them to be the same from
 * then on, so that it ends where a value contains itself.
 */
final class ComparedPairs {

	/**
	 * To find the elements of sets may take the square of their number. After this many
	 * pairs in vain the rest counts as the same.
	 */
	private static final int MOST_VAIN = 1_000_000;

	private final int most;

	private final Set<Pair> pairs = new HashSet<>();

	private final List<Pair> inOrder = new ArrayList<>();

	private int vain;

	/**
	 * Make it.
	 * @param most how many pairs to compare at most
	 */
	ComparedPairs(int most) {
		this.most = most;
	}

	/**
	 * Whether two objects are to be compared.
	 */
	boolean add(Object one, Object other) {
		Pair pair = new Pair(one, other);
		if (this.pairs.size() >= this.most || this.vain > MOST_VAIN || !this.pairs.add(pair)) {
			return false;
		}
		this.inOrder.add(pair);
		return true;
	}

	/**
	 * Compare what need not belong together. If it differs, its pairs are forgotten.
	 */
	@Nullable ValueDifference tried(Supplier<@Nullable ValueDifference> comparison) {
		int start = this.inOrder.size();
		ValueDifference difference = comparison.get();
		if (difference != null) {
			List<Pair> undone = this.inOrder.subList(start, this.inOrder.size());
			this.vain += undone.size() + 1;
			undone.forEach(this.pairs::remove);
			undone.clear();
		}
		return difference;
	}

	/**
	 * Two objects, each by its identity.
	 */
	private record Pair(Object one, Object other) {

		@Override
		@SuppressWarnings("ReferenceEquality")
		public boolean equals(@Nullable Object object) {
			return object instanceof Pair pair && pair.one == this.one && pair.other == this.other;
		}

		@Override
		public int hashCode() {
			return 31 * System.identityHashCode(this.one) + System.identityHashCode(this.other);
		}

	}

}
