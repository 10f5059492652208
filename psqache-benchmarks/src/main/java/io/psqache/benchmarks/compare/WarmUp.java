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

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * The limits of a warm-up, which ends when the JIT compiler is idle. On two cores, the
 * compiler uses most of one core for 15 to 25 seconds after a contender's first call.
 * Rates measured in this time are up to two times too low.
 *
 * @param least the minimum duration in seconds
 * @param most the maximum duration in seconds, even if the compiler is busy
 */
record WarmUp(double least, double most) {

	private static final double WINDOW_SECONDS = 2;

	private static final double QUIET = 0.05;

	WarmUp {
		if (least <= 0 || most < least) {
			throw new IllegalArgumentException(
					"A warm-up cannot take %s to %s seconds. Give it as 3..30 or 1.".formatted(least, most));
		}
	}

	/**
	 * Parse limits.
	 * @param text such as 3..30, or 1 for exactly one second
	 */
	static WarmUp parse(String text) {
		int dots = text.indexOf("..");
		String least = (dots < 0) ? text : text.substring(0, dots);
		return new WarmUp(Double.parseDouble(least), Double.parseDouble((dots < 0) ? text : text.substring(dots + 2)));
	}

	/**
	 * Return the limits for a contender that has warmed up before with other callers.
	 */
	WarmUp again() {
		return new WarmUp(this.least / 3, Math.max(this.least / 3, this.most / 10));
	}

	/**
	 * Warm up.
	 * @param part some calls, repeated
	 */
	void run(Part part) throws Exception {
		CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
		boolean known = compiler != null && compiler.isCompilationTimeMonitoringSupported();
		run(part, System::nanoTime, known ? compiler::getTotalCompilationTime : () -> 0);
	}

	void run(Part part, LongSupplier nanoTime, LongSupplier compilationMillis) throws Exception {
		long begun = nanoTime.getAsLong();
		double elapsed = 0;
		double compiling = 1;
		while (elapsed < this.least || (elapsed < this.most && compiling >= QUIET)) {
			double windowBegun = elapsed;
			long compiled = compilationMillis.getAsLong();
			while (elapsed < windowBegun + Math.min(WINDOW_SECONDS, this.least)) {
				part.run();
				elapsed = (nanoTime.getAsLong() - begun) / 1e9;
			}
			compiling = (compilationMillis.getAsLong() - compiled) / 1000.0 / (elapsed - windowBegun);
		}
	}

	@Override
	public String toString() {
		return this.least + ".." + this.most;
	}

	/**
	 * A part of a warm-up.
	 */
	@FunctionalInterface
	interface Part {

		void run() throws Exception;

	}

}
