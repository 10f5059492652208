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

package io.psqache.internal.sweep;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A range of pages of the table.
 *
 * @param first the first page
 * @param end the page after the last one
 */
record PageRange(long first, long end) {

	/**
	 * Bind the range as two row identifiers: the first (inclusive) and the end
	 * (exclusive).
	 * @return the next index
	 */
	int bind(PreparedStatement statement, int index) throws SQLException {
		statement.setString(index, "(%d,0)".formatted(this.first));
		statement.setString(index + 1, "(%d,0)".formatted(this.end));
		return index + 2;
	}

}
