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

package io.psqache.sample;

/**
 * The durations of the report as medians in milliseconds.
 *
 * @param sales the number of sales in the report
 * @param computations the number of computations
 * @param uncachedMillis the duration of a call that computes and caches the report
 * @param reads the number of reads while the report is cached
 * @param hits the number of these reads that found the report in the cache
 * @param cachedMillis the duration of such a read
 */
record ReportTimes(long sales, int computations, double uncachedMillis, int reads, int hits, double cachedMillis) {

	double factor() {
		return this.uncachedMillis / this.cachedMillis;
	}

}
