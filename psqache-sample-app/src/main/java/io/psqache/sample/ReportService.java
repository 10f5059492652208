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

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/**
 * The cached report.
 */
@Service
class ReportService {

	private final ReportRepository reports;

	ReportService(ReportRepository reports) {
		this.reports = reports;
	}

	/**
	 * Return the report. Concurrent callers that miss share one computation
	 * ({@code sync}).
	 */
	@Cacheable(cacheNames = "report", key = "'shops'", sync = true)
	Report report() {
		Computation.happened();
		return this.reports.compute();
	}

	/**
	 * Evict the cached report.
	 */
	@CacheEvict(cacheNames = "report", allEntries = true)
	void evict() {
		// The annotation evicts.
	}

}
