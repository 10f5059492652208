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
 * Whether this instance hears of changes.
 *
 * @param status whether it does
 * @param reason why it does not, to complete a sentence; {@code null} if it does or need
 * not
 */
public record NearState(Status status, @Nullable String reason) {

	/**
	 * What may be.
	 */
	public enum Status {

		/**
		 * No cache keeps copies.
		 */
		OFF,

		/**
		 * It hears of changes, and copies are used.
		 */
		LISTENING,

		/**
		 * It does not, and reads go to PostgreSQL.
		 */
		BYPASSED;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
