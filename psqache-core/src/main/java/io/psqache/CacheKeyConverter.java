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
 * Makes a key that has no stable JSON form into something that has one: a string, a
 * number, a record, a list of such. It is asked for every key, and for each argument of a
 * method with several ({@code SimpleKey}), but not for what is inside of these. Beans of
 * this type are asked in their order; the first answer counts and is not converted again.
 * <p>
 * Two keys are the same if their conversions are. Implementations must be thread-safe and
 * quick, and answer alike in every instance of the application. What they throw reaches
 * the caller of the cache.
 */
@FunctionalInterface
public interface CacheKeyConverter {

	/**
	 * Convert a key.
	 * @param key the key, or one argument of it
	 * @return what to store instead, or {@code null} to leave the key to the next
	 * converter
	 */
	@Nullable Object convert(Object key);

}
