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

package io.psqache;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Whether this instance receives invalidations.
 *
 * @param status the status
 * @param reason why invalidations are not received, as the end of a sentence;
 * {@code null} if they are received or not needed
 */
public record NearState(Status status, @Nullable String reason) {

	/**
	 * The status of the near caches.
	 */
	public enum Status {

		/**
		 * No near cache is enabled.
		 */
		OFF,

		/**
		 * Invalidations are received, and near entries are used.
		 */
		LISTENING,

		/**
		 * Invalidations are not received, and reads go to PostgreSQL.
		 */
		BYPASSED;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
