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

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Measures the duration of the report with and without the cache:
 * <ol>
 * <li>Evict and call several times: these calls are uncached.</li>
 * <li>Call more often, until the JVM has compiled the code of the cache.</li>
 * <li>Call repeatedly: these calls are cached.</li>
 * </ol>
 */
@Component
class ReportMeasurement {

	private static final int COMPUTATIONS = 5;

	private static final int WARM_UP = 300;

	private static final int READS = 101;

	private final ReportService reports;

	private volatile @Nullable ReportTimes latest;

	ReportMeasurement(ReportService reports) {
		this.reports = reports;
	}

	ReportTimes measure() {
		List<Computation<Report>> uncached = repeat(COMPUTATIONS, () -> {
			this.reports.evict();
			return call();
		});
		repeat(WARM_UP, this::call);
		List<Computation<Report>> cached = repeat(READS, this::call);
		int hits = (int) cached.stream().filter(Computation::cached).count();
		ReportTimes times = new ReportTimes(cached.get(0).result().sales(), COMPUTATIONS, median(uncached), READS, hits,
				median(cached));
		this.latest = times;
		return times;
	}

	/**
	 * Return the last measurement; the first one runs at startup.
	 */
	ReportTimes latest() {
		ReportTimes times = this.latest;
		return (times != null) ? times : measure();
	}

	private Computation<Report> call() {
		return Computation.of(this.reports::report);
	}

	private static List<Computation<Report>> repeat(int times, Supplier<Computation<Report>> call) {
		return IntStream.range(0, times).mapToObj((index) -> call.get()).toList();
	}

	private static double median(List<Computation<Report>> calls) {
		return calls.stream().mapToDouble(Computation::millis).sorted().toArray()[calls.size() / 2];
	}

}
