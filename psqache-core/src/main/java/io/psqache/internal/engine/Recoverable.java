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

package io.psqache.internal.engine;

import java.sql.SQLException;

import io.psqache.StoreException;

/**
 * The work that {@link Recovery} does when PostgreSQL may answer again. Called on the
 * recovery's thread; the methods may block.
 */
public interface Recoverable {

	/**
	 * Read and write as the application's operations do, without changing data.
	 * @param session the session
	 * @throws SQLException if such operations would fail
	 */
	void probe(Session session) throws SQLException;

	/**
	 * Create the missing schema again.
	 * @throws RuntimeException if this failed; the failure is logged, and the repair
	 * repeated later
	 */
	void repairSchema();

	/**
	 * Return the number of evictions in the backlog.
	 * @return the current number
	 */
	long pendingEvictions();

	/**
	 * Execute the evictions in the backlog.
	 * @return the number of executed evictions
	 * @throws StoreException if PostgreSQL failed; evictions that were not executed stay
	 * in the backlog
	 */
	long repeatEvictions();

}
