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
 * Strategy interface to convert keys that have no stable JSON form to a string, a number,
 * a record, or a list of these. Called for every key, and for each argument of a
 * {@code SimpleKey}, but not for nested values. Beans of this type are called in their
 * order. The first non-null result is used and is not converted again.
 * <p>
 * Two keys are equal if their converted keys are equal. Implementations must be
 * thread-safe and fast, and must return equal results in all instances. Exceptions are
 * propagated to the caller of the cache.
 */
@FunctionalInterface
public interface CacheKeyConverter {

	/**
	 * Convert a key.
	 * @param key the key, or one argument of it; never {@code null}
	 * @return the key to store, or {@code null} to pass the key to the next converter
	 */
	@Nullable Object convert(Object key);

}
