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
 * The pairs of objects that a comparison has already visited. They count as equal, so
 * that the comparison of a value that contains itself ends.
 */
final class ComparedPairs {

	/**
	 * The limit of pairs in failed attempts. Matching the elements of two sets may take
	 * the square of their number of attempts; above the limit, the remaining pairs count
	 * as equal.
	 */
	private static final int MAX_FAILED = 1_000_000;

	private final int maxPairs;

	private final Set<Pair> pairs = new HashSet<>();

	private final List<Pair> inOrder = new ArrayList<>();

	private int failed;

	/**
	 * Create a new instance.
	 * @param maxPairs the maximum number of pairs to compare
	 */
	ComparedPairs(int maxPairs) {
		this.maxPairs = maxPairs;
	}

	/**
	 * Add a pair of objects.
	 * @return {@code true} if the pair must be compared, {@code false} if it counts as
	 * equal
	 */
	boolean add(Object one, Object other) {
		Pair pair = new Pair(one, other);
		if (this.pairs.size() >= this.maxPairs || this.failed > MAX_FAILED || !this.pairs.add(pair)) {
			return false;
		}
		this.inOrder.add(pair);
		return true;
	}

	/**
	 * Compare two objects that may not correspond to each other. If they differ, the
	 * pairs that this comparison added are removed.
	 */
	@Nullable ValueDifference tried(Supplier<@Nullable ValueDifference> comparison) {
		int start = this.inOrder.size();
		ValueDifference difference = comparison.get();
		if (difference != null) {
			List<Pair> removed = this.inOrder.subList(start, this.inOrder.size());
			this.failed += removed.size() + 1;
			removed.forEach(this.pairs::remove);
			removed.clear();
		}
		return difference;
	}

	/**
	 * Two objects, compared by identity.
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
