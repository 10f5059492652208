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

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the report, and its duration with and without the cache.
 */
@RestController
@RequestMapping("/api/report")
class ReportController {

	private final ReportService reports;

	private final ReportMeasurement measurement;

	ReportController(ReportService reports, ReportMeasurement measurement) {
		this.reports = reports;
		this.measurement = measurement;
	}

	@GetMapping
	ResponseEntity<Report> report() {
		Computation<Report> report = Computation.of(this.reports::report);
		return ResponseEntity.ok().headers(report.headers()).body(report.result());
	}

	/**
	 * Evict the cached report.
	 */
	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void evict() {
		this.reports.evict();
	}

	@GetMapping("/measurement")
	ReportTimes times() {
		return this.measurement.latest();
	}

	@PostMapping("/measurement")
	ReportTimes measure() {
		return this.measurement.measure();
	}

}
