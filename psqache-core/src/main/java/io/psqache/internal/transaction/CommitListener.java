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
 * Receives the outcome of the transactions that change one cache. Called on the thread of
 * the transaction; must not throw.
 */
public interface CommitListener {

	/**
	 * A transaction was committed, or may have been. The changes are written or will be
	 * written next. Any state of this instance about these entries is out of date.
	 * @param changes the changes of the transaction
	 */
	void committed(CacheChanges changes);

	/**
	 * Evictions could not be written, and no exception informs the application.
	 * @param failure the cause
	 */
	void lost(StoreException failure);

}
