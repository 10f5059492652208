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

import org.jspecify.annotations.Nullable;

/**
 * Describes a database for the log.
 */
public final class DatabaseDescription {

	private DatabaseDescription() {
	}

	/**
	 * Describe a database: its name, where it is, and the version of its server.
	 * @param connection connection to it
	 */
	public static String of(Connection connection) throws SQLException {
		return "database '%s' at %s (PostgreSQL %s)".formatted(connection.getCatalog(),
				withoutSecrets(connection.getMetaData().getURL()),
				connection.getMetaData().getDatabaseProductVersion());
	}

	/**
	 * Without the parameters and what stands before an {@code @}, where a password may
	 * be.
	 */
	public static String withoutSecrets(@Nullable String url) {
		return (url != null) ? url.replaceFirst("[?;].*", "").replaceFirst("//.*@", "//") : "an unknown URL";
	}

}
