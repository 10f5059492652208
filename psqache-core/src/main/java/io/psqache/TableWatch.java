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
 * What a change of a table's rows does to a cache, whatever makes it: the entries of the
 * rows' keys are evicted, or the cache is cleared, by the transaction that changes the
 * rows. A bean of this type means the same as an item of {@code psqache.watch}.
 * Immutable.
 *
 * @param table the name of the table as in SQL ({@code book}, {@code shop.book},
 * {@code "Book"}), with its schema if that is not on the search path
 * @param cache the name of the cache
 * @param key the names of the columns that are the key, as in SQL and in the order of the
 * key; none clears the cache
 * @param maxRows how many rows a statement may change before it clears the cache instead
 * of evicting each key; 0 where there is no key
 */
public record TableWatch(String table, String cache, List<String> key, int maxRows) {

	/**
	 * What {@link #maxRows()} is if nothing else is said.
	 */
	public static final int DEFAULT_MAX_ROWS = 1_000;

	/**
	 * The largest {@link #maxRows()}: their keys are held in memory.
	 */
	public static final int HIGHEST_MAX_ROWS = 100_000;

	/**
	 * Create it.
	 * @throws IllegalArgumentException if a name is blank, or the number of rows is out
	 * of range
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
	 * Evict the entries whose keys are in the rows that change, the old ones and the new.
	 * @param table the name of the table as in SQL
	 * @param cache the name of the cache
	 * @param column the column that is the key, as in SQL
	 * @param more the columns after it, where the key is that of a method with several
	 * arguments
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
	 * Evict the keys of more or fewer rows than by default.
	 * @param maxRows how many rows a statement may change before it clears the cache
	 * @return a watch that differs in this
	 */
	public TableWatch withMaxRows(int maxRows) {
		return new TableWatch(this.table, this.cache, this.key, maxRows);
	}

}
