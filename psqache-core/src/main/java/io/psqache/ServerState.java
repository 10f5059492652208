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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a probe found behind the connections.
 *
 * @param serverVersion version of PostgreSQL, as it says it
 * @param standby whether the server is in recovery: it can hold no cache then
 * @param unlogged whether {@code cache_entry} is UNLOGGED; {@code null} when there is no
 * such table
 * @param schemaVersion version of psqache's schema; {@code null} when it cannot be read
 * @param caches number of caches in the application's namespace; {@code null} likewise
 * @param roundTrip time that one statement took, seen from here
 */
public record ServerState(String serverVersion, boolean standby, @Nullable Boolean unlogged,
		@Nullable Integer schemaVersion, @Nullable Integer caches, Duration roundTrip) {

	/**
	 * Whether the schema is missing.
	 * @return {@code true} if there is no {@code cache_entry} table
	 */
	public boolean schemaMissing() {
		return this.unlogged == null;
	}

}
