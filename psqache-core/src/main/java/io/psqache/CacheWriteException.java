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
 * Thrown when some entries of a bulk write were not stored, or when it is not known
 * whether they were stored.
 *
 * @see TypedCache#setAll
 */
@SuppressWarnings("serial")
public class CacheWriteException extends RuntimeException {

	private final FailureCause failureCause;

	private final int written;

	private final int asked;

	/**
	 * Create a new exception.
	 * @param cacheName the name of the cache
	 * @param written the number of entries whose storage is confirmed
	 * @param asked the number of requested entries
	 * @param cause why it failed; the first failure if there were several
	 */
	public CacheWriteException(String cacheName, int written, int asked, StoreException cause) {
		super(Sentences.join(
				"Cache '%s' confirmed the storage of only %d of %d entries: %s".formatted(cacheName, written, asked,
						cause.getMessage()),
				cause.failureCause().remedy(),
				"It may still hold older values of the others. Repeat the call, or evict them."), cause);
		this.failureCause = cause.failureCause();
		this.written = written;
		this.asked = asked;
	}

	/**
	 * Return why the write failed.
	 * @return the first cause, never {@code null}
	 */
	public FailureCause failureCause() {
		return this.failureCause;
	}

	/**
	 * Return the number of entries whose storage is confirmed. After a timeout, a few
	 * more may be stored.
	 * @return the number of entries
	 */
	public int written() {
		return this.written;
	}

	/**
	 * Return the number of entries that were to be stored.
	 * @return the number of entries
	 */
	public int asked() {
		return this.asked;
	}

}
