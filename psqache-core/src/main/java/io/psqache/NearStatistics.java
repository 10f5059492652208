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
 * Counters of one near cache since its creation. Thread-safe; the counters only increase.
 */
public interface NearStatistics {

	/**
	 * Return the number of reads that found a near entry.
	 * @return the number of hits
	 */
	long hits();

	/**
	 * Return the number of reads that found no near entry.
	 * @return the number of misses
	 */
	long misses();

	/**
	 * Return the number of reads that went to the database because this instance did not
	 * receive invalidations.
	 * @return the number of bypasses
	 */
	long bypasses();

}
