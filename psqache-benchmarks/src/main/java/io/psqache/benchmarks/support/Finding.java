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

import java.util.List;
import java.util.Locale;

/**
 * The result of a target.
 *
 * @param target the target
 * @param bound the required value
 * @param measured the measured values
 * @param verdict whether they pass
 */
public record Finding(String target, String bound, String measured, Verdict verdict) {

	public static String markdown(List<Finding> findings) {
		return Text.table(List.of("target", "must be", "measured", ""),
				findings.stream()
					.map((finding) -> List.of(finding.target, finding.bound, finding.measured.replace("; ", "<br>"),
							"**" + finding.verdict + "**"))
					.toList());
	}

	@Override
	public String toString() {
		return "%-12s %s: %s; measured %s".formatted(this.verdict, this.target, this.bound, this.measured);
	}

	/**
	 * The verdict on a target, from best to worst.
	 */
	public enum Verdict {

		PASSED, NOT_MEASURED, MISSED,

		/**
		 * There were errors, so the measured values are invalid.
		 */
		FAILED;

		public static Verdict of(boolean passed) {
			return passed ? PASSED : MISSED;
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', ' ');
		}

	}

}
