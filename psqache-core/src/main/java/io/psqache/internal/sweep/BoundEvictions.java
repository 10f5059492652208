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

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The evictions of all caches that one walk has planned and the next walk executes.
 *
 * @param since the time from which unused times are measured, by the database's clock
 * @param each the evictions, at most one for each cache
 */
record BoundEvictions(String since, List<BoundEviction> each) {

	static final BoundEvictions NONE = new BoundEvictions("", List.of());

	/**
	 * The statement expresses {@link BoundEviction#share()} as a number of 1,024 hashes.
	 */
	private static final int HASHES = 1024;

	boolean isEmpty() {
		return this.each.isEmpty();
	}

	Integer[] cacheIds() {
		return column(Integer[]::new, BoundEviction::cacheId);
	}

	/**
	 * Bind the evictions as arrays, one element for each cache, and the values common to
	 * all.
	 * @return the next index
	 */
	int bind(PreparedStatement statement, int first) throws SQLException {
		int index = first;
		statement.setObject(index++, cacheIds());
		statement.setObject(index++, cacheIds());
		statement.setObject(index++, column(Long[]::new, BoundEviction::allMicros));
		statement.setObject(index++, column(Long[]::new, BoundEviction::someMicros));
		statement.setObject(index++, column(Long[]::new, (each) -> (long) Math.ceil(HASHES * each.share())));
		statement.setString(index++, this.since);
		statement.setString(index++, this.since);
		statement.setLong(index++, this.since.hashCode());
		return index;
	}

	private <T> T[] column(IntFunction<T[]> array, Function<BoundEviction, T> value) {
		return this.each.stream().map(value).toArray(array);
	}

}
