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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.psqache.transaction.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * The line that psqache logs when it has started: where it caches, and what is switched
 * on.
 *
 * @param properties the properties
 * @param namespace the namespace of the caches
 * @param transactions how caches take part in transactions
 * @param watchedTables the names of the tables that are watched
 */
record StartupLine(PsqacheProperties properties, String namespace, TransactionMode transactions,
		List<String> watchedTables) {

	/**
	 * Describe a database: its name, where it is, and the version of its server.
	 * @param connection connection to it
	 */
	static String database(Connection connection) throws SQLException {
		return "database '%s' at %s (PostgreSQL %s)".formatted(connection.getCatalog(),
				withoutSecrets(connection.getMetaData().getURL()),
				connection.getMetaData().getDatabaseProductVersion());
	}

	/**
	 * Without the parameters and what stands before an {@code @}, where a password may
	 * be.
	 */
	static String withoutSecrets(@Nullable String url) {
		return (url != null) ? url.replaceFirst("[?;].*", "").replaceFirst("//.*@", "//") : "an unknown URL";
	}

	/**
	 * The line.
	 * @param database the database, or {@code null} if it was not reached yet
	 */
	String text(@Nullable String database) {
		return "psqache caches in %s, schema '%s', namespace '%s'; %s".formatted(
				(database != null) ? database : "a database that was not reached yet", this.properties.schema(),
				this.namespace, String.join(", ", features()));
	}

	private List<String> features() {
		List<String> features = new ArrayList<>();
		features.add("transactions " + this.transactions.name().toLowerCase(Locale.ROOT).replace('_', '-'));
		features.add(this.properties.unlogged() ? "unlogged" : "logged");
		if (!this.properties.migrate()) {
			features.add("migrate off");
		}
		if (this.properties.verifyRoundTrip()) {
			features.add("verify-round-trip");
		}
		if (isNear(this.properties.defaults())) {
			features.add("near caches by default");
		}
		List<String> near = this.properties.caches()
			.entrySet()
			.stream()
			.filter((cache) -> isNear(cache.getValue()))
			.map(Map.Entry::getKey)
			.sorted()
			.toList();
		if (!near.isEmpty()) {
			features.add("near caches " + near);
		}
		if (!this.watchedTables.isEmpty()) {
			features.add("watched tables " + this.watchedTables);
		}
		return features;
	}

	private static boolean isNear(PsqacheProperties.Cache cache) {
		return Boolean.TRUE.equals(cache.near().enabled());
	}

}
