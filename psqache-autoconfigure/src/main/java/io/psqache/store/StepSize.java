package io.psqache.store;

/**
 * How much of the table one step of a walk takes on. Values that lie outside of their
 * rows make a row take long, and so does a busy server: after a step that took too long a
 * quarter is tried, and then more again little by little.
 */
final class StepSize {

	/**
	 * Rows that a statement deletes at most.
	 */
	static final int ROWS = 2_000;

	private static final int GROWTH = 16;

	private final int maxPages;

	private int pages;

	private int rows = ROWS;

	StepSize(int maxPages) {
		this.maxPages = maxPages;
		this.pages = maxPages;
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
		this.rows = Math.min(ROWS, this.rows + ROWS / GROWTH);
	}

	void shrink() {
		this.pages = Math.max(1, this.pages / 4);
		this.rows = Math.max(1, this.rows / 4);
	}

}
