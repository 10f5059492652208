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
 * What becomes of what goes wrong while the values of one cache are loaded. Thread-safe.
 */
public interface LoadFailures {

	/**
	 * A lease could not be asked for, renewed or given back: the value is loaded all the
	 * same.
	 * @param failure why
	 */
	void leaseFailed(Throwable failure);

	/**
	 * The loader of a refresh has failed: the old value stays.
	 * @param failure what it threw
	 */
	void refreshFailed(Throwable failure);

	/**
	 * A loader has failed, and its callers get a value that has expired.
	 * @param failure what it threw
	 */
	void loadFailed(Throwable failure);

	/**
	 * A caller has waited for the hard limit.
	 * @param limit how long that is
	 * @return the exception for the caller
	 */
	RuntimeException timedOut(Duration limit);

}
