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

import java.util.Locale;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Prints the duration of the report with and without the cache, and the URL of the page
 * at startup.
 */
@Component
class StartupReport implements ApplicationRunner {

	private static final Logger logger = LoggerFactory.getLogger(StartupReport.class);

	private final ReportMeasurement measurement;

	private final Environment environment;

	StartupReport(ReportMeasurement measurement, Environment environment) {
		this.measurement = measurement;
		this.environment = environment;
	}

	@Override
	public void run(ApplicationArguments args) {
		logger.info(text(this.measurement.measure(), this.environment.getRequiredProperty("local.server.port")));
	}

	private static String text(ReportTimes times, String port) {
		return String.format(Locale.ROOT, """


				  psqache sample: a report over %,d sales, computed by PostgreSQL

				    uncached  %9.2f ms   computed and cached, median of %d
				    cached    %9.2f ms   read from the cache, median of %d (%d hits), warmed up
				    cached is %,.0f times faster

				  The page is at http://localhost:%s/
				""", times.sales(), times.uncachedMillis(), times.computations(), times.cachedMillis(), times.reads(),
				times.hits(), times.factor(), port);
	}

}
