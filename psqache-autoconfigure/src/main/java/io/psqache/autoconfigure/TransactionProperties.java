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

package io.psqache.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.psqache.transaction.TransactionMode;
import io.psqache.transaction.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * Tells from the properties how caches take part in the transactions of the application.
 * Where the cache connects in another way than the application does, the connection of
 * each transaction decides.
 */
final class TransactionProperties {

	private static final Logger logger = LoggerFactory.getLogger(TransactionProperties.class);

	private final PsqacheProperties properties;

	private final DataSource own;

	private final boolean reached;

	/**
	 * Read them.
	 * @param properties the properties
	 * @param own connections of the cache
	 * @param reached whether the database of the cache could be reached at the start
	 */
	TransactionProperties(PsqacheProperties properties, DataSource own, boolean reached) {
		this.properties = properties;
		this.own = own;
		this.reached = reached;
	}

	/**
	 * How they do.
	 * @param application the one {@code DataSource} of the application, if there is one
	 */
	Transactions transactions(@Nullable DataSource application) {
		TransactionMode mode = mode(application);
		if (mode != TransactionMode.ATOMIC) {
			return new Transactions(mode, null, this.properties.requireEvictions());
		}
		if (application == null || (isRequired() && hasUrl() && this.reached && isElsewhere(application))) {
			throw new StartupException(
					"psqache.transactions is 'atomic', but the cache is not in the database of the application's "
							+ "DataSource: psqache.datasource.url names another one, or there is no DataSource.",
					"Set psqache.transactions=after-commit, or remove psqache.datasource.url.", null);
		}
		return new Transactions(mode, application, this.properties.requireEvictions(), database(application));
	}

	private TransactionMode mode(@Nullable DataSource application) {
		TransactionMode configured = this.properties.transactions();
		if (configured != null) {
			return configured;
		}
		return (application != null) ? TransactionMode.ATOMIC : TransactionMode.AFTER_COMMIT;
	}

	private boolean isRequired() {
		return this.properties.transactions() != null;
	}

	private boolean hasUrl() {
		return StringUtils.hasText(this.properties.datasource().url());
	}

	/**
	 * By default the role matters too where the cache has a login of its own: the
	 * application's may not be allowed to write to it.
	 */
	private Transactions.Database database(DataSource application) {
		if (!isRequired() && StringUtils.hasText(this.properties.datasource().username())) {
			return Transactions.Database.COMPARED_WITH_ROLE;
		}
		boolean derived = !hasUrl() && new ApplicationLogin(application, null).isOfDataSource();
		return derived ? Transactions.Database.SAME : Transactions.Database.COMPARED;
	}

	private boolean isElsewhere(DataSource application) {
		try (Connection connection = this.own.getConnection()) {
			return new ApplicationDatabase(application).isElsewhere(connection);
		}
		catch (SQLException ex) {
			logger.debug("The databases cannot be compared yet", ex);
			return false;
		}
	}

}
