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

import java.sql.SQLException;

import io.psqache.StoreException;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * Translates a conflict with another transaction to the exception that Spring throws for
 * a conflict of the application's own statements. Retry logic of the application then
 * repeats the transaction.
 */
final class ConflictTranslation {

	private static final String MESSAGE = "The transaction is rolled back: its evictions conflict with changes of another "
			+ "transaction, and out-of-date entries would stay in the cache. Repeat the "
			+ "transaction, as after any serialization failure";

	private static final SQLExceptionTranslator TRANSLATOR = new SQLStateSQLExceptionTranslator();

	private ConflictTranslation() {
	}

	/**
	 * Translate a conflict.
	 * @param conflict the conflict; it has no cause if the transaction cannot see the row
	 * of a cache
	 */
	static RuntimeException translate(StoreException conflict) {
		RuntimeException translated = (conflict.getCause() instanceof SQLException cause)
				? TRANSLATOR.translate(MESSAGE, null, cause) : null;
		if (translated == null) {
			return new ConcurrencyFailureException(MESSAGE + ".", conflict);
		}
		for (Throwable other : conflict.getSuppressed()) {
			translated.addSuppressed(other);
		}
		return translated;
	}

}
