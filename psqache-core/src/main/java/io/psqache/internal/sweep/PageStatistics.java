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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

/**
 * Entries of one cache that a walk has found on some pages: a row of
 * {@link SweepSql#LOOK}.
 *
 * @param cacheId the cache
 * @param tombstone whether they are tombstones
 * @param dead whether they can be read no more, and nothing else is left to do for them
 * @param ageClass about how long they have not been used; {@code null} where the cache
 * has no bound
 * @param entries their number
 * @param bytes their size
 * @param writtenFrom when the oldest was written
 * @param writtenTo when the newest was written
 */
record PageStatistics(int cacheId, boolean tombstone, boolean dead, @Nullable Integer ageClass, long entries,
		long bytes, OffsetDateTime writtenFrom, OffsetDateTime writtenTo) {

	static PageStatistics of(ResultSet rows) throws SQLException {
		return new PageStatistics(rows.getInt("cache_id"), rows.getBoolean("tombstone"), rows.getBoolean("dead"),
				rows.getObject("age_class", Integer.class), rows.getLong("entries"), rows.getLong("bytes"),
				rows.getObject("written_from", OffsetDateTime.class),
				rows.getObject("written_to", OffsetDateTime.class));
	}

}
