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

import java.time.Duration;

/**
 * Thrown when a load exceeds the hard timeout and no expired value exists. The load
 * continues in the background, and its value is cached.
 */
@SuppressWarnings("serial")
public class LoadTimeoutException extends RuntimeException {

	/**
	 * Create a new exception.
	 * @param cacheName the name of the cache
	 * @param limit how long the caller waited
	 */
	public LoadTimeoutException(String cacheName, Duration limit) {
		super(("Cache '%s' waited %d ms for a load, which exceeds the hard limit, and it has no "
				+ "expired value to return. Make the load faster, raise "
				+ "psqache.caches.%1$s.load-timeout.hard, or keep expired values longer " + "(stale-if-error).")
			.formatted(cacheName, limit.toMillis()));
	}

}
