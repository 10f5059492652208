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
 * Settings that determine how caches take part in the transactions of an application.
 * Immutable.
 *
 * @param mode when changes take effect
 * @param dataSource the {@code DataSource} of the transactions that can include changes
 * of caches; {@code null} if there is none
 * @param evictionsRequired whether a transaction fails if its evictions cannot be
 * written. Otherwise the failure is logged and counted
 * @param database whether connections of the {@code DataSource} reach the database of the
 * cache
 */
public record Transactions(TransactionMode mode, @Nullable DataSource dataSource, boolean evictionsRequired,
		Database database) {

	public Transactions {
		if (mode == TransactionMode.ATOMIC && dataSource == null) {
			throw new IllegalArgumentException("The mode ATOMIC requires the DataSource of the transactions");
		}
	}

	/**
	 * Create settings for a {@code DataSource} of the database that contains the cache.
	 * @param mode when changes take effect
	 * @param dataSource the {@code DataSource}; {@code null} if there is none
	 * @param evictionsRequired whether a transaction fails if its evictions cannot be
	 * written
	 */
	public Transactions(TransactionMode mode, @Nullable DataSource dataSource, boolean evictionsRequired) {
		this(mode, dataSource, evictionsRequired, Database.SAME);
	}

	/**
	 * Caches do not take part in transactions.
	 * @return settings by which changes take effect immediately
	 */
	public static Transactions none() {
		return new Transactions(TransactionMode.NONE, null, true);
	}

	/**
	 * Changes take effect after the commit.
	 * @return the settings
	 */
	public static Transactions afterCommit() {
		return new Transactions(TransactionMode.AFTER_COMMIT, null, true);
	}

	/**
	 * Changes take effect with the commit.
	 * @param dataSource the {@code DataSource} of the transactions, of the database that
	 * contains the cache
	 * @return the settings
	 */
	public static Transactions atomic(DataSource dataSource) {
		return new Transactions(TransactionMode.ATOMIC, dataSource, true);
	}

	/**
	 * Whether connections of the {@code DataSource} reach the database of the cache.
	 */
	public enum Database {

		/**
		 * The connections reach the database, because the cache connects in the same way.
		 */
		SAME,

		/**
		 * Each connection is compared with a connection of the cache. If it reaches
		 * another database, its transaction changes caches after the commit.
		 */
		COMPARED,

		/**
		 * As {@link #COMPARED}, and the role must be that of the cache, because another
		 * role may lack the privilege to write.
		 */
		COMPARED_WITH_ROLE

	}

}
