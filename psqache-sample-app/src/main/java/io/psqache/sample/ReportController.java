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
 * Serves the report, and how long it takes with and without the cache.
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
	 * Forget the cached report.
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
