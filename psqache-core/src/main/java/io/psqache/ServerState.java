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
 * The state of the server, as found by a probe.
 *
 * @param serverVersion the version of PostgreSQL
 * @param standby whether the server is in recovery and accepts no writes
 * @param unlogged whether {@code cache_entry} is UNLOGGED; {@code null} if the table does
 * not exist
 * @param schemaVersion the version of psqache's schema; {@code null} if it cannot be read
 * @param caches the number of caches in the application's namespace; {@code null} if it
 * cannot be read
 * @param roundTrip the duration of one statement, measured by this instance
 */
public record ServerState(String serverVersion, boolean standby, @Nullable Boolean unlogged,
		@Nullable Integer schemaVersion, @Nullable Integer caches, Duration roundTrip) {

	/**
	 * Return whether the schema is missing.
	 * @return {@code true} if there is no {@code cache_entry} table
	 */
	public boolean schemaMissing() {
		return this.unlogged == null;
	}

}
