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
 * What has to be done when PostgreSQL may answer again. Called on one thread that exists
 * for this; each method may take as long as it takes.
 */
public interface Recoverable {

	/**
	 * Read and write, as the application's operations do, without changing anything.
	 * @param session the session
	 * @throws SQLException if they would fail
	 */
	void probe(Session session) throws SQLException;

	/**
	 * Make the schema again, which was found to be missing.
	 * @throws RuntimeException if that failed; it is logged, and repeated later
	 */
	void repairSchema();

	/**
	 * How many evictions were asked and not done.
	 * @return their number now
	 */
	long pendingEvictions();

	/**
	 * Do them.
	 * @return how many were done
	 * @throws StoreException if PostgreSQL failed; what was not done stays pending
	 */
	long repeatEvictions();

}
