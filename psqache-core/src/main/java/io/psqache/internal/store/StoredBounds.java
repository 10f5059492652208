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

import java.sql.ResultSet;
import java.sql.SQLException;

import io.psqache.CacheBounds;

/**
 * Reads the bounds of a cache from its row in {@code cache}.
 */
public final class StoredBounds {

	private StoredBounds() {
	}

	/**
	 * The bounds in the current row.
	 * @param rows rows that have the columns {@code max_entries} and {@code max_bytes}
	 */
	public static CacheBounds of(ResultSet rows) throws SQLException {
		return new CacheBounds(rows.getObject("max_entries", Long.class), rows.getObject("max_bytes", Long.class));
	}

}
