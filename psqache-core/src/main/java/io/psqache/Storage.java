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
 * The column type in which values are stored.
 */
public enum Storage {

	/**
	 * JSONB, which SQL can query. A value that JSONB cannot store, because a string
	 * contains U+0000 or half a surrogate pair, is stored as {@link #BINARY}. JSONB sorts
	 * the entries of a map by its own rules: a {@code LinkedHashMap} is read back equal,
	 * but in another order.
	 */
	JSONB,

	/**
	 * Bytes that contain JSON in UTF-8, exactly as written. Smaller and faster for large
	 * values, but opaque to SQL. psqache does not compress them: for 16 KB of JSON, the
	 * fastest deflate takes 185 us of CPU to write and 65 us to read, for a quarter of
	 * the size. This is more than a get from Redis takes, and PostgreSQL compresses rows
	 * above 2 KB itself.
	 */
	BINARY

}
