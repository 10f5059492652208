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

import java.util.Comparator;
import java.util.List;

/**
 * A row in {@code cache}, as an instance remembers it. Statements name it by its
 * generation: a row that was deleted and made again has another one, and a statement that
 * names the earlier one finds no cache. So no instance reads another cache's entries by
 * an id that it remembers, whatever was truncated or restored meanwhile.
 *
 * @param id the id, which the entries of the cache have
 * @param generation a random number
 * @param leases the version of the leases on the cache
 * @param holders the leases of that version, those that have lapsed since included
 */
public record CacheRow(int id, long generation, long leases,
		List<LeaseHolder> holders) implements Comparable<CacheRow> {

	private static final Comparator<CacheRow> ORDER = Comparator.comparingInt(CacheRow::id)
		.thenComparingLong(CacheRow::generation);

	/**
	 * Whether another row is the same, perhaps with other leases.
	 */
	boolean isSameAs(CacheRow other) {
		return compareTo(other) == 0;
	}

	@Override
	public int compareTo(CacheRow other) {
		return ORDER.compare(this, other);
	}

}
