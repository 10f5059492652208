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
 * How much of the table one step of a walk takes on. Values that lie outside of their
 * rows make a row take long, and so does a busy server: after a step that took too long a
 * quarter is tried, and then more again little by little. Not thread-safe.
 */
final class StepSize {

	/**
	 * Rows that a statement deletes at most.
	 */
	static final int ROWS = 2_000;

	/**
	 * How often it can be made smaller, until it is one row.
	 */
	static final int SIZES = 5;

	private static final int SHRINKING = 4;

	private static final int GROWTH = 16;

	/**
	 * The part of a step that a store with a single worker for reads takes on: other
	 * reads wait for as long as a step takes, 10 to 20 ms for 1,000 pages.
	 */
	private static final int ALONE = 8;

	private final int maxPages;

	private final int maxRows;

	private int pages;

	private int rows;

	/**
	 * Begin with the largest.
	 * @param maxPages the most pages of a step
	 * @param aside whether another worker executes reads meanwhile
	 */
	StepSize(int maxPages, boolean aside) {
		this.maxPages = aside ? maxPages : Math.max(1, maxPages / ALONE);
		this.maxRows = aside ? ROWS : ROWS / ALONE;
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
		this.pages = Math.min(this.maxPages, this.pages + Math.max(1, this.maxPages / GROWTH));
		this.rows = Math.min(this.maxRows, this.rows + this.maxRows / GROWTH);
	}

	void shrink() {
		this.pages = Math.max(1, this.pages / SHRINKING);
		this.rows = Math.max(1, this.rows / SHRINKING);
	}

}
