package io.psqache.transaction;

import java.sql.SQLException;

import io.psqache.engine.StoreException;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * Tells the application of a conflict with another transaction as Spring tells it of one
 * that its own statements meet, so that what repeats the transaction then does so now.
 */
final class ConflictTranslation {

	private static final String MESSAGE = "The transaction is rolled back: what it evicts from caches conflicts with "
			+ "what another transaction has changed, and stale entries would stay. "
			+ "Repeat the transaction, as after a conflict of its own statements";

	private static final SQLExceptionTranslator TRANSLATOR = new SQLStateSQLExceptionTranslator();

	private ConflictTranslation() {
	}

	/**
	 * Translate a conflict.
	 * @param conflict without an exception of PostgreSQL's if a row is missing which the
	 * transaction cannot see
	 */
	static RuntimeException translate(StoreException conflict) {
		RuntimeException translated = (conflict.getCause() instanceof SQLException cause)
				? TRANSLATOR.translate(MESSAGE, null, cause) : null;
		if (translated == null) {
			return new ConcurrencyFailureException(MESSAGE + ".", conflict);
		}
		for (Throwable other : conflict.getSuppressed()) { // what else was tried
			translated.addSuppressed(other);
		}
		return translated;
	}

}
