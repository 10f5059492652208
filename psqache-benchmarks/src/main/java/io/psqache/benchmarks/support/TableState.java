package io.psqache.benchmarks.support;

import java.util.stream.Stream;

/**
 * The statistics of the table of entries at one time.
 *
 * @param tableBytes size of the table with its TOAST table
 * @param indexBytes size of its indexes
 * @param updated rows updated so far
 * @param hotUpdated rows updated within their page, without index entries (HOT)
 * @param deleted rows deleted so far
 * @param dead estimate of the rows that wait for vacuum
 * @param autovacuums number of autovacuums so far
 */
public record TableState(long tableBytes, long indexBytes, long updated, long hotUpdated, long deleted, long dead,
		long autovacuums) {

	static TableState parse(String text) {
		long[] numbers = Stream.of(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
		return new TableState(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
	}

	/**
	 * The share of HOT updates.
	 * @param earlier the state before the updates
	 * @return 0 to 1; not a number without updates
	 */
	public double hotShareSince(TableState earlier) {
		return (double) (this.hotUpdated - earlier.hotUpdated) / (this.updated - earlier.updated);
	}

}
