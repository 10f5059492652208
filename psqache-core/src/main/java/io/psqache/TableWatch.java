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

package io.psqache;

import java.util.List;
import java.util.stream.Stream;

/**
 * A rule that evicts entries when the rows of a table change, whichever program changes
 * them. The transaction that changes the rows evicts the entries of their keys, or clears
 * the cache. A bean of this type is equivalent to an item of {@code psqache.watch}.
 * Immutable.
 *
 * @param table the name of the table as in SQL ({@code book}, {@code shop.book},
 * {@code "Book"}), with its schema if that is not on the search path
 * @param cache the name of the cache
 * @param key the names of the key columns, as in SQL and in the order of the key; empty
 * to clear the cache
 * @param maxRows the maximum number of changed rows for which a statement evicts each
 * key; above it, the statement clears the cache. 0 if there is no key
 */
public record TableWatch(String table, String cache, List<String> key, int maxRows) {

	/**
	 * The default of {@link #maxRows()}.
	 */
	public static final int DEFAULT_MAX_ROWS = 1_000;

	/**
	 * The largest {@link #maxRows()}: the keys of the rows are held in memory.
	 */
	public static final int HIGHEST_MAX_ROWS = 100_000;

	/**
	 * Create a new watch.
	 * @throws IllegalArgumentException if a name is blank, or {@code maxRows} is out of
	 * range
	 */
	public TableWatch {
		key = List.copyOf(key);
		if (table.isBlank() || cache.isBlank() || key.stream().anyMatch(String::isBlank)) {
			throw new IllegalArgumentException(
					"The table '%s', the cache '%s' and the columns %s of a watch must not be blank".formatted(table,
							cache, key));
		}
		if (key.isEmpty() ? maxRows != 0 : maxRows < 1 || maxRows > HIGHEST_MAX_ROWS) {
			throw new IllegalArgumentException(
					"The number of rows %d of the watch of '%s' must be between 1 and %d, or 0 without a key"
						.formatted(maxRows, table, HIGHEST_MAX_ROWS));
		}
	}

	/**
	 * Evict the entries whose keys are in changed rows, before or after the change.
	 * @param table the name of the table as in SQL
	 * @param cache the name of the cache
	 * @param column the first key column, as in SQL
	 * @param more further key columns, for methods with several arguments
	 * @return the watch
	 */
	public static TableWatch evicting(String table, String cache, String column, String... more) {
		List<String> key = Stream.concat(Stream.of(column), Stream.of(more)).toList();
		return new TableWatch(table, cache, key, DEFAULT_MAX_ROWS);
	}

	/**
	 * Clear the cache whenever a row changes.
	 * @param table the name of the table as in SQL
	 * @param cache the name of the cache
	 * @return the watch
	 */
	public static TableWatch clearing(String table, String cache) {
		return new TableWatch(table, cache, List.of(), 0);
	}

	/**
	 * Return a watch with the given maximum number of rows.
	 * @param maxRows the maximum number of changed rows for which a statement evicts each
	 * key, between 1 and {@link #HIGHEST_MAX_ROWS}, or 0 without a key
	 * @return a new watch
	 * @throws IllegalArgumentException if it is out of range
	 */
	public TableWatch withMaxRows(int maxRows) {
		return new TableWatch(this.table, this.cache, this.key, maxRows);
	}

}
