package io.psqache.transaction;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * How caches take part in the transactions of an application. Immutable.
 *
 * @param mode when changes take effect
 * @param dataSource the {@code DataSource} of the transactions in whose database the
 * cache is; {@code null} if there is none
 * @param evictionsRequired whether a transaction fails when what it evicts cannot be
 * written. Otherwise the failure is logged and counted
 */
public record Transactions(TransactionMode mode, @Nullable DataSource dataSource, boolean evictionsRequired) {

	public Transactions {
		if (mode == TransactionMode.ATOMIC && dataSource == null) {
			throw new IllegalArgumentException("Atomic changes need the DataSource of the transactions");
		}
	}

	/**
	 * Take no part.
	 * @return changes take effect at once
	 */
	public static Transactions none() {
		return new Transactions(TransactionMode.NONE, null, true);
	}

	/**
	 * Take part by changes after the commit.
	 * @return changes take effect right after the commit
	 */
	public static Transactions afterCommit() {
		return new Transactions(TransactionMode.AFTER_COMMIT, null, true);
	}

	/**
	 * Take part by changes within the commit.
	 * @param dataSource the {@code DataSource} of the transactions, in whose database the
	 * cache is
	 * @return changes take effect with the commit
	 */
	public static Transactions atomic(DataSource dataSource) {
		return new Transactions(TransactionMode.ATOMIC, dataSource, true);
	}

}
