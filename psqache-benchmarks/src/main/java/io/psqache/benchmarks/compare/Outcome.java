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

package io.psqache.benchmarks.compare;

import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.psqache.benchmarks.support.Spread;
import org.jspecify.annotations.Nullable;

/**
 * The measurements of one contender in all rounds of a scenario.
 *
 * @param contender the name of the contender
 * @param rounds the rounds; rounds of the same number ran at about the same time for all
 * contenders
 */
record Outcome(String contender, List<Measurement> rounds) {

	double median(ToDoubleFunction<Measurement> figure) {
		return Spread.of(this.rounds.stream().map(figure::applyAsDouble).toList()).median();
	}

	/**
	 * Return the ratios to another contender in each round, so that slow periods of the
	 * machine affect both.
	 */
	Spread ratio(Outcome other, ToDoubleFunction<Measurement> figure) {
		return Spread.of(IntStream.range(0, this.rounds.size())
			.mapToObj((round) -> figure.applyAsDouble(this.rounds.get(round))
					/ figure.applyAsDouble(other.rounds.get(round)))
			.toList());
	}

	long errors() {
		return this.rounds.stream().mapToLong(Measurement::errors).sum();
	}

	@Nullable String firstError() {
		return this.rounds.stream().map(Measurement::firstError).filter(Objects::nonNull).findFirst().orElse(null);
	}

	/**
	 * One round. Times are in microseconds unless named otherwise.
	 *
	 * @param calls number of calls
	 * @param seconds from the first call to the last answer
	 * @param p50 median time of a call
	 * @param p99 99th percentile
	 * @param p999 99.9th percentile
	 * @param jvmCpu CPU time of this process a call
	 * @param serverCpu CPU time of the server a call; not a number if unknown
	 * @param errors calls that failed or had a wrong answer
	 * @param firstError the first error, {@code null} without errors
	 */
	record Measurement(long calls, double seconds, double p50, double p99, double p999, double jvmCpu, double serverCpu,
			long errors, @Nullable String firstError) {

		double rate() {
			return this.calls / this.seconds;
		}

		double cpu() {
			return this.jvmCpu + this.serverCpu;
		}

		Measurement withErrors(long further, String error) {
			return (further == 0) ? this
					: new Measurement(this.calls, this.seconds, this.p50, this.p99, this.p999, this.jvmCpu,
							this.serverCpu, this.errors + further, (this.firstError != null) ? this.firstError : error);
		}

	}

}
