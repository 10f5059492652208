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

package io.psqache.benchmarks.support;

import java.util.Collection;
import java.util.Locale;

/**
 * The median and the extremes of a measured value over all rounds.
 *
 * @param median the median
 * @param min the minimum
 * @param max the maximum
 */
public record Spread(double median, double min, double max) {

	/**
	 * Summarize the values of all rounds.
	 * @param figures the values, at least one
	 * @return the median and the extremes
	 */
	public static Spread of(Collection<Double> figures) {
		double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Spread(median, sorted[0], sorted[sorted.length - 1]);
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%.2f (%.2f..%.2f)", this.median, this.min, this.max);
	}

}
