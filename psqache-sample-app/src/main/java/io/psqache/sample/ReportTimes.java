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
 * How long the report took. Times are medians, in milliseconds.
 *
 * @param sales how many sales the report covers
 * @param computations how often it was computed
 * @param uncachedMillis time of a call that computed it and cached it
 * @param reads how often it was asked for while it was cached
 * @param hits how many of those calls found it in the cache
 * @param cachedMillis time of such a call
 */
record ReportTimes(long sales, int computations, double uncachedMillis, int reads, int hits, double cachedMillis) {

	double factor() {
		return this.uncachedMillis / this.cachedMillis;
	}

}
