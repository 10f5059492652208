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

/**
 * Counts of one near cache, since it was made. Thread-safe; the counts only grow.
 */
public interface NearStatistics {

	/**
	 * Reads that were answered with a copy.
	 * @return their number
	 */
	long hits();

	/**
	 * Reads for which there was no copy.
	 * @return their number
	 */
	long misses();

	/**
	 * Reads that went to the database because this instance could not hear of changes.
	 * @return their number
	 */
	long bypasses();

}
