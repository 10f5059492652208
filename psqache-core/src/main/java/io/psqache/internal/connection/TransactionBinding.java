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

package io.psqache.internal.connection;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.psqache.CacheStartupException;
import io.psqache.TransactionMode;
import io.psqache.internal.transaction.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how caches take part in the transactions of an application.
 *
 * @param connections where the cache connects to
 * @param mode what was asked for; {@code null} for changes that commit with the
 * transaction, if they can
 * @param evictionsRequired whether a transaction fails when what it evicts cannot be
 * written
 */
public record TransactionBinding(ConnectionSettings connections, @Nullable TransactionMode mode,
		boolean evictionsRequired) {

	private static final Logger logger = LoggerFactory.getLogger(TransactionBinding.class);

	/**
	 * Decide.
	 * @param own connections of the cache
	 * @param reached whether the database of the cache could be reached at the start
	 */
	public Transactions decide(DataSource own, boolean reached) {
		DataSource application = this.connections.application();
		TransactionMode decided = decided();
		if (decided != TransactionMode.ATOMIC) {
			return new Transactions(decided, null, this.evictionsRequired);
		}
		if (application == null
				|| (this.mode != null && this.connections.hasUrl() && reached && isElsewhere(application, own))) {
			throw new CacheStartupException(
					"psqache cannot write in the transactions of the application "
							+ "(psqache.transactions=atomic): psqache.datasource.url refers to another database "
							+ "than the application's DataSource, or there is no DataSource.",
					"Set psqache.transactions=after-commit, or remove psqache.datasource.url.", null);
		}
		return new Transactions(decided, application, this.evictionsRequired, database(application));
	}

	private TransactionMode decided() {
		if (this.mode != null) {
			return this.mode;
		}
		return (this.connections.application() != null) ? TransactionMode.ATOMIC : TransactionMode.AFTER_COMMIT;
	}

	/**
	 * By default the role matters too where the cache has a login of its own: the
	 * application's may not be allowed to write to it.
	 */
	private Transactions.Database database(DataSource application) {
		String username = this.connections.username();
		if (this.mode == null && username != null && !username.isBlank()) {
			return Transactions.Database.COMPARED_WITH_ROLE;
		}
		boolean derived = !this.connections.hasUrl() && new ApplicationLogin(application, null).isOfDataSource();
		return derived ? Transactions.Database.SAME : Transactions.Database.COMPARED;
	}

	private static boolean isElsewhere(DataSource application, DataSource own) {
		try (Connection connection = own.getConnection()) {
			return new ApplicationDatabase(application).isElsewhere(connection);
		}
		catch (SQLException ex) {
			logger.debug("The databases cannot be compared yet", ex);
			return false;
		}
	}

}
