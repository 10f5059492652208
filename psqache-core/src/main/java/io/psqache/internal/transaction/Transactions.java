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

import javax.sql.DataSource;

import io.psqache.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * How caches take part in the transactions of an application. Immutable.
 *
 * @param mode when changes take effect
 * @param dataSource the {@code DataSource} of the transactions that changes can be part
 * of; {@code null} if there is none
 * @param evictionsRequired whether a transaction fails when what it evicts cannot be
 * written. Otherwise the failure is logged and counted
 * @param database whether its connections reach the database of the cache
 */
public record Transactions(TransactionMode mode, @Nullable DataSource dataSource, boolean evictionsRequired,
		Database database) {

	public Transactions {
		if (mode == TransactionMode.ATOMIC && dataSource == null) {
			throw new IllegalArgumentException("The mode ATOMIC requires the DataSource of the transactions");
		}
	}

	/**
	 * Create it for a {@code DataSource} in whose database the cache is.
	 * @param mode when changes take effect
	 * @param dataSource the {@code DataSource}; {@code null} if there is none
	 * @param evictionsRequired whether a transaction fails when what it evicts cannot be
	 * written
	 */
	public Transactions(TransactionMode mode, @Nullable DataSource dataSource, boolean evictionsRequired) {
		this(mode, dataSource, evictionsRequired, Database.SAME);
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

	/**
	 * Whether connections of the {@code DataSource} reach the database of the cache.
	 */
	public enum Database {

		/**
		 * They do: the cache connects as they do.
		 */
		SAME,

		/**
		 * Each one is compared with a connection of the cache. If it leads elsewhere, its
		 * transaction changes caches right after the commit.
		 */
		COMPARED,

		/**
		 * As {@link #COMPARED}, and its role must be that of the cache: another one may
		 * not be allowed to write there.
		 */
		COMPARED_WITH_ROLE

	}

}
