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
 * Is told what became of a put that a transaction has collected: once at most. A put that
 * the transaction has replaced, evicted or rolled back is neither stored, refused nor
 * failed. Called on the thread of the transaction, or on a thread for callbacks. It must
 * be quick and must not throw.
 */
public interface PutListener {

	/**
	 * Ignores what becomes of a put.
	 */
	PutListener NONE = new PutListener() {
	};

	/**
	 * The entry was written.
	 */
	default void stored() {
	}

	/**
	 * The entry was not written: its value was loaded after a miss, and the entry has
	 * changed since.
	 */
	default void refused() {
	}

	/**
	 * The entry could not be written. What it was to overwrite is evicted.
	 * @param failure why
	 */
	default void failed(StoreException failure) {
	}

}
