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

package io.psqache.internal.sweep;

/**
 * The number of pages and rows that one step of a walk processes. Values that are stored
 * outside of their rows, and a busy server, make a row slow. After a step that reached
 * its time limit, the next one has a quarter of the size; later steps grow by a sixteenth
 * of the maximum. Not thread-safe.
 */
final class StepSize {

	/**
	 * The largest number of rows that a statement deletes.
	 */
	static final int ROWS = 2_000;

	/**
	 * The number of reductions from the largest size to one page and one row, for up to
	 * 1,024 pages.
	 */
	static final int SIZES = 5;

	private static final int SHRINK_DIVISOR = 4;

	private static final int GROWTH_DIVISOR = 16;

	/**
	 * The divisor of the size if the store has a single worker for reads: other reads
	 * wait during a step, which takes 10 to 20 ms for 1,000 pages.
	 */
	private static final int SINGLE_WORKER_DIVISOR = 8;

	private final int maxPages;

	private final int maxRows;

	private int pages;

	private int rows;

	/**
	 * Create an instance with the largest size.
	 * @param maxPages the largest number of pages of a step
	 * @param severalWorkers whether another worker executes reads during a step
	 */
	StepSize(int maxPages, boolean severalWorkers) {
		this.maxPages = severalWorkers ? maxPages : Math.max(1, maxPages / SINGLE_WORKER_DIVISOR);
		this.maxRows = severalWorkers ? ROWS : ROWS / SINGLE_WORKER_DIVISOR;
		this.pages = this.maxPages;
		this.rows = this.maxRows;
	}

	int pages() {
		return this.pages;
	}

	int rows() {
		return this.rows;
	}

	boolean isLeast() {
		return this.pages == 1 && this.rows == 1;
	}

	void grow() {
		this.pages = Math.min(this.maxPages, this.pages + Math.max(1, this.maxPages / GROWTH_DIVISOR));
		this.rows = Math.min(this.maxRows, this.rows + this.maxRows / GROWTH_DIVISOR);
	}

	void shrink() {
		this.pages = Math.max(1, this.pages / SHRINK_DIVISOR);
		this.rows = Math.max(1, this.rows / SHRINK_DIVISOR);
	}

}
