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

import io.psqache.store.DatabaseIdentity;
import io.psqache.transaction.TransactionMode;
import io.psqache.transaction.Transactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
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

	/**
	 * Read them.
	 * @param properties the properties
	 * @param own connections of the cache
	 */
	TransactionProperties(PsqacheProperties properties, DataSource own) {
		this.properties = properties;
		this.own = own;
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
		if (application == null || (isRequired() && hasUrl() && isElsewhere(application))) {
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

	/**
	 * It may be behind a proxy that only JDBC looks through.
	 */
	private static boolean isRouting(DataSource application) {
		try {
			return DataSourceUnwrapper.unwrap(application, AbstractRoutingDataSource.class) != null
					|| application.isWrapperFor(AbstractRoutingDataSource.class);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Where connections are routed, only that of a transaction tells.
	 */
	private boolean isElsewhere(DataSource application) {
		if (isRouting(application)) {
			return false;
		}
		try (Connection other = application.getConnection(); Connection own = this.own.getConnection()) {
			return !"PostgreSQL".equals(other.getMetaData().getDatabaseProductName())
					|| !DatabaseIdentity.of(own).isSameDatabase(DatabaseIdentity.of(other));
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("The databases cannot be compared yet", ex);
			return false;
		}
	}

}
