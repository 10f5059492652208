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
import java.time.Duration;

/**
 * What matters of old entries in a cache.
 *
 * @param told whether reads tell how old they are
 * @param kept how long they are kept once they have expired, in all instances of the
 * application, to the millisecond
 */
public record Staleness(boolean told, Duration kept) {

	/**
	 * Nothing.
	 */
	public static final Staleness NONE = new Staleness(false, Duration.ZERO);

	/**
	 * Whether a row of {@code cache} says the same of what is kept.
	 */
	boolean isKeptBy(ResultSet rows) throws SQLException {
		return rows.getLong("stale_ms") == this.kept.toMillis();
	}

}
