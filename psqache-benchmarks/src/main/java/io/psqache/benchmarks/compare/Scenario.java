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
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A workload that all contenders execute in turn, and one table of the report.
 *
 * @param workload the operation of the callers
 * @param valueBytes the size of the values as JSON
 * @param callers the calling threads
 */
record Scenario(Workload workload, int valueBytes, Callers callers) {

	private static final int KILO = 1024;

	/**
	 * The maximum size of all values, which must fit into the heap.
	 */
	private static final long DATA_LIMIT = 256L * KILO * KILO;

	/**
	 * Return all combinations.
	 * @param workloads such as {@code get,put}
	 * @param sizes such as {@code 100,1k}
	 * @param callers such as {@code 32,v1000}
	 */
	static List<Scenario> all(String workloads, String sizes, String callers) {
		return split(sizes).flatMap((size) -> split(workloads).flatMap((workload) -> split(callers)
			.map((count) -> new Scenario(Workload.valueOf(workload.toUpperCase(Locale.ROOT)), bytes(size),
					Callers.parse(count)))))
			.toList();
	}

	private static Stream<String> split(String list) {
		return Stream.of(list.split(",", -1)).map(String::strip);
	}

	private static int bytes(String size) {
		return size.endsWith("k") ? KILO * Integer.parseInt(size.substring(0, size.length() - 1))
				: Integer.parseInt(size);
	}

	/**
	 * Return the number of entries, which is reduced if they would exceed 256 MB.
	 */
	int entries(int requested) {
		return (int) Math.min(requested, DATA_LIMIT / this.valueBytes);
	}

	String size() {
		return (this.valueBytes % KILO == 0) ? this.valueBytes / KILO + " KB" : this.valueBytes + " B";
	}

	@Override
	public String toString() {
		return "%s, %s, %s".formatted(this.workload, size(), this.callers);
	}

	/**
	 * The operation of the callers.
	 */
	enum Workload {

		/**
		 * Reads of existing entries.
		 */
		GET,

		/**
		 * Writes of existing entries.
		 */
		PUT;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
