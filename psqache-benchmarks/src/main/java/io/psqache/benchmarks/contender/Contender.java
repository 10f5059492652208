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

package io.psqache.benchmarks.contender;

import io.psqache.benchmarks.support.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * A cache, reduced to the two calls that are compared. Thread-safe.
 */
public interface Contender extends AutoCloseable {

	/**
	 * Read an entry.
	 * @param key the key
	 * @return the value, {@code null} if there is none
	 * @throws Exception if the read fails
	 */
	@Nullable Product get(String key) throws Exception;

	/**
	 * Write an entry. Returns when it is stored.
	 * @param key the key
	 * @param product the value
	 * @throws Exception if the write fails
	 */
	void put(String key, Product product) throws Exception;

	/**
	 * The number of failures so far that caused no exception.
	 * @return their number
	 */
	default long silentFailures() {
		return 0;
	}

	/**
	 * The process whose CPU time the calls cost beside that of this one.
	 * @return the server
	 */
	ServerProcess server();

	@Override
	void close();

}
