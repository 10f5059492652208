package io.psqache.sample;

import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/**
 * The report, cached.
 */
@Service
class ReportService {

	private final ReportRepository reports;

	ReportService(ReportRepository reports) {
		this.reports = reports;
	}

	/**
	 * The report. However many ask for it at once while it is not cached, it is computed
	 * once ({@code sync}).
	 */
	@Cacheable(cacheNames = "report", key = "'shops'", sync = true)
	Report report() {
		Computation.happened();
		return this.reports.compute();
	}

	/**
	 * Forget the cached report.
	 */
	@CacheEvict(cacheNames = "report", allEntries = true)
	void evict() {
		// the annotation does it
	}

}
