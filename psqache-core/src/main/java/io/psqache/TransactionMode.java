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
 * When changes of caches within a transaction take effect.
 */
public enum TransactionMode {

	/**
	 * With the commit, atomically with the data. Requires the cache to be in the database
	 * of the transaction.
	 */
	ATOMIC,

	/**
	 * Right after the commit. Until then, other threads and instances read the old
	 * entries. If the application terminates in between, the old entries stay.
	 */
	AFTER_COMMIT,

	/**
	 * Immediately, irrespective of the outcome of the transaction.
	 */
	NONE

}
