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

package io.psqache.internal.store;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Name of the schema that holds psqache's tables, always quoted where it enters SQL.
 *
 * @param value an identifier of at most 63 characters: letters, digits and underscores,
 * not beginning with a digit
 */
public record SchemaName(String value) {

	private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

	private static final Set<String> TAKEN = Set.of("public", "information_schema");

	/**
	 * What a name must look like, to complete the sentence "must be ...".
	 */
	public static final String RULE = "an identifier of at most 63 letters, digits and underscores "
			+ "that does not begin with a digit or with 'pg_', and not 'public' or 'information_schema'";

	public SchemaName {
		if (!isValid(value)) {
			throw new IllegalArgumentException("Schema name '" + value + "' must be " + RULE);
		}
	}

	/**
	 * Whether a name can be the name of the schema.
	 * @param value any text
	 * @return whether it keeps the {@link #RULE}
	 */
	public static boolean isValid(String value) {
		return IDENTIFIER.matcher(value).matches() && !value.startsWith("pg_") && !TAKEN.contains(value);
	}

	/**
	 * The name as an identifier in SQL.
	 * @return the name in double quotes
	 */
	public String quoted() {
		return '"' + this.value + '"';
	}

	/**
	 * Put the quoted name into a statement.
	 * @param sql a statement that says <code>${schema}</code> where the name belongs
	 * @return the statement with the name in it
	 */
	public String in(String sql) {
		return sql.replace("${schema}", quoted());
	}

	@Override
	public String toString() {
		return this.value;
	}

}
