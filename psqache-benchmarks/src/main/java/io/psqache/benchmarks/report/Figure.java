package io.psqache.benchmarks.report;

import java.util.function.ToDoubleFunction;

import io.psqache.benchmarks.measure.Measurement;

/**
 * Something that two contenders can be compared by.
 */
enum Figure {

	CALLS_PER_SECOND {
		@Override
		ToDoubleFunction<Measurement> of() {
			return Measurement::callsPerSecond;
		}
	},

	P50 {
		@Override
		ToDoubleFunction<Measurement> of() {
			return Measurement::p50;
		}
	},

	P99 {
		@Override
		ToDoubleFunction<Measurement> of() {
			return Measurement::p99;
		}
	},

	TOTAL_CPU {
		@Override
		ToDoubleFunction<Measurement> of() {
			return Measurement::totalCpu;
		}
	};

	abstract ToDoubleFunction<Measurement> of();

}
