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
 * The number and size of similar entries of one cache on a range of pages: a row of
 * {@link SweepSql#COUNT}.
 *
 * @param cacheId the id of the cache
 * @param tombstone whether the entries are tombstones
 * @param dead whether the entries can no longer be read, or the tombstones are no longer
 * needed
 * @param ageClass the class of the unused time; {@code null} for tombstones and if the
 * cache has no bound
 * @param entries the number of entries
 * @param bytes the size of the entries
 * @param writtenFrom the time at which the oldest entry was written
 * @param writtenTo the time at which the newest entry was written
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
