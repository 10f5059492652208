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

/**
 * The storage of values.
 */
public enum Storage {

	/**
	 * As JSONB, which SQL can read into. A value that JSONB cannot hold (one with U+0000
	 * or half a surrogate pair in a string) is kept as {@link #BINARY} by itself. JSONB
	 * sorts the entries of a map by its own rules: a {@code LinkedHashMap} comes back
	 * equal, but in another order.
	 */
	JSONB,

	/**
	 * As bytes: JSON in UTF-8, exactly as written. Smaller and quicker for large values,
	 * but opaque to SQL. Not compressed: for 16 KB of JSON the quickest deflate takes 185
	 * us of CPU to write and 65 us to read (to a quarter of the size), more than a whole
	 * get from Redis costs, and PostgreSQL compresses rows past 2 KB by itself.
	 */
	BINARY

}
