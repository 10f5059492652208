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

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * How long an entry lives, by the database's clock.
 *
 * @param timeToLive age limit from the write; {@code null} means it never expires
 * @param timeToIdle age limit from the last read; {@code null} means reads do not matter
 */
public record Lifetime(@Nullable Duration timeToLive, @Nullable Duration timeToIdle) {

	/**
	 * Entries that never expire.
	 */
	public static final Lifetime FOREVER = new Lifetime(null, null);

	/**
	 * Time past which reads do not prolong the entry, in microseconds.
	 * @return {@code null} if no read prolongs it, zero if reads prolong it without limit
	 */
	@Nullable Long ceilingMicros() {
		if (this.timeToIdle == null) {
			return null;
		}
		Long live = micros(this.timeToLive);
		return (live != null) ? live : Long.valueOf(0);
	}

	/**
	 * Time until the entry expires if it is not read.
	 */
	@Nullable Long unreadMicros() {
		Long live = micros(this.timeToLive);
		Long idle = micros(this.timeToIdle);
		if (live == null || idle == null) {
			return (live != null) ? live : idle;
		}
		return Math.min(live, idle);
	}

	/**
	 * Time until the entry expires if it is not read.
	 * @return the time, {@link Duration#ZERO} for never
	 */
	public Duration unread() {
		Long micros = unreadMicros();
		return (micros != null) ? Duration.of(micros, ChronoUnit.MICROS) : Duration.ZERO;
	}

	/**
	 * Microseconds are what {@code timestamptz} counts in.
	 */
	static @Nullable Long micros(@Nullable Duration duration) {
		return (duration != null) ? Math.max(1, duration.toNanos() / 1_000) : null;
	}

	static void setMicros(PreparedStatement statement, int index, @Nullable Long micros) throws SQLException {
		if (micros != null) {
			statement.setLong(index, micros);
		}
		else {
			statement.setNull(index, Types.BIGINT);
		}
	}

}
