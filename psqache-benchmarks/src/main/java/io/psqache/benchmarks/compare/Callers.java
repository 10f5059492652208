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

import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The threads that call a contender.
 *
 * @param count the number of concurrent callers
 * @param virtual whether they are virtual threads
 */
record Callers(int count, boolean virtual) {

	private static final int VIRTUAL_THREADS_SINCE = 21;

	/**
	 * Parse a number of callers.
	 * @param text such as 32, or v1000 for virtual threads
	 */
	static Callers parse(String text) {
		boolean virtual = text.toLowerCase(Locale.ROOT).startsWith("v");
		return new Callers(Integer.parseInt(virtual ? text.substring(1) : text), virtual);
	}

	/**
	 * Return whether this JVM supports these threads.
	 */
	boolean areSupported() {
		return !this.virtual || Runtime.version().feature() >= VIRTUAL_THREADS_SINCE;
	}

	/**
	 * Create an executor with a thread for each caller.
	 */
	ExecutorService executor() {
		return this.virtual ? virtualThreads() : Executors.newFixedThreadPool(this.count);
	}

	/**
	 * Uses reflection, because the module is compiled for Java 17.
	 */
	private static ExecutorService virtualThreads() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("This JDK has no virtual threads. Run with JDK 21 or later.", ex);
		}
	}

	/**
	 * Return the callers as written on the command line.
	 */
	String label() {
		return (this.virtual ? "v" : "") + this.count;
	}

	@Override
	public String toString() {
		return this.count + (this.virtual ? " virtual threads" : (this.count == 1) ? " thread" : " threads");
	}

}
