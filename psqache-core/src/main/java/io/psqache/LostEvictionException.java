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
 * Thrown when the evictions of a transaction cannot be written with or after its commit,
 * so that out-of-date entries would stay. For a conflict with another transaction, a
 * {@link org.springframework.dao.ConcurrencyFailureException} is thrown instead.
 */
@SuppressWarnings("serial")
public class LostEvictionException extends RuntimeException {

	private final StoreException reason;

	private LostEvictionException(String message, StoreException reason) {
		super(message, reason);
		this.reason = reason;
	}

	/**
	 * Return why the evictions could not be written.
	 * @return the cause, never {@code null}
	 */
	public StoreException reason() {
		return this.reason;
	}

	public static LostEvictionException beforeCommit(StoreException cause) {
		return new LostEvictionException(
				"The transaction is rolled back: psqache cannot write its evictions (" + cause.getMessage()
						+ "), and out-of-date entries would stay in the cache. Repeat the transaction, or set "
						+ "psqache.require-evictions=false to commit without the evictions.",
				cause);
	}

	public static LostEvictionException afterCommit(StoreException cause) {
		return new LostEvictionException(
				"The transaction is committed, but psqache could not write its evictions (" + cause.getMessage()
						+ "), so out-of-date entries may stay in the cache until they expire. Evict them again "
						+ "when PostgreSQL answers.",
				cause);
	}

}
