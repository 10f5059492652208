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

import org.jspecify.annotations.Nullable;

/**
 * The bounds of a cache, over all instances of the application. Above a bound, the
 * sweeper evicts the least recently used entries.
 *
 * @param maxEntries the number of entries; {@code null} for no bound
 * @param maxBytes the size of the entries in the table, in bytes without the index;
 * {@code null} for no bound
 */
public record CacheBounds(@Nullable Long maxEntries, @Nullable Long maxBytes) {

	/**
	 * No bound.
	 */
	public static final CacheBounds NONE = new CacheBounds(null, null);

	/**
	 * Return the fill level of the nearer bound: 1 is full, and more exceeds it.
	 * @return the fill level, 0 without a bound
	 */
	double fullness(long entries, long bytes) {
		return Math.max(fullness(entries, this.maxEntries), fullness(bytes, this.maxBytes));
	}

	private static double fullness(long amount, @Nullable Long bound) {
		return (bound != null) ? (double) amount / bound : 0;
	}

}
