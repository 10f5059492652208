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

package io.psqache.internal.load;

import java.time.Duration;

/**
 * Handles the failures of loads of one cache. Thread-safe.
 */
public interface LoadFailures {

	/**
	 * A lease could not be acquired, renewed or released. The value is loaded anyway.
	 * @param failure the cause
	 */
	void leaseFailed(Throwable failure);

	/**
	 * The loader of a refresh has failed. The old value stays.
	 * @param failure the exception of the loader
	 */
	void refreshFailed(Throwable failure);

	/**
	 * A loader has failed, and its callers receive an expired value.
	 * @param failure the exception of the loader
	 */
	void loadFailed(Throwable failure);

	/**
	 * A caller has waited for the hard timeout.
	 * @param limit the hard timeout
	 * @return the exception for the caller
	 */
	RuntimeException timedOut(Duration limit);

}
