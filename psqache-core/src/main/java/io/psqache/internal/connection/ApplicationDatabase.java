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

import io.psqache.internal.store.DatabaseIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * The database that the application's {@code DataSource} leads to, for comparison with
 * that of the cache. A URL does not tell: several lead to one database.
 */
public final class ApplicationDatabase {

	private static final Logger logger = LoggerFactory.getLogger(ApplicationDatabase.class);

	private final DataSource dataSource;

	public ApplicationDatabase(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Whether it is known to be another database than the cache's. Connections that are
	 * routed may lead to several, and a database that does not answer is not known.
	 * @param own a connection of the cache. It is made before the application's pool is
	 * asked, which may wait long for a database that is away
	 */
	public boolean isElsewhere(Connection own) {
		if (isRouting()) {
			return false;
		}
		try (Connection other = this.dataSource.getConnection()) {
			return !"PostgreSQL".equals(other.getMetaData().getDatabaseProductName())
					|| !DatabaseIdentity.of(own).isSameDatabase(DatabaseIdentity.of(other));
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("The databases cannot be compared yet", ex);
			return false;
		}
	}

	/**
	 * It may be behind a proxy that only JDBC looks through.
	 */
	private boolean isRouting() {
		try {
			return DataSources.unwrap(this.dataSource, AbstractRoutingDataSource.class) != null
					|| this.dataSource.isWrapperFor(AbstractRoutingDataSource.class);
		}
		catch (SQLException ex) {
			return false;
		}
	}

}
