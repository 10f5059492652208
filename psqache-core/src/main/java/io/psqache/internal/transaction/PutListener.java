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

package io.psqache.internal.transaction;

import io.psqache.StoreException;

/**
 * Receives the outcome of a put that a transaction has collected. Called at most once. A
 * put that the transaction has replaced, evicted or rolled back is not reported. Called
 * on the thread of the transaction or on a callback thread; must be quick and must not
 * throw.
 */
public interface PutListener {

	/**
	 * Ignores the outcome of a put.
	 */
	PutListener NONE = new PutListener() {
	};

	/**
	 * The entry was written.
	 */
	default void stored() {
	}

	/**
	 * The entry was not written. Its value was loaded after a miss, and the entry has
	 * changed in between.
	 */
	default void refused() {
	}

	/**
	 * The entry could not be written. The entry that it was to replace is evicted.
	 * @param failure the cause
	 */
	default void failed(StoreException failure) {
	}

}
