package io.psqache.benchmarks.endurance;

/**
 * What PostgreSQL's own statistics say of the table of the entries at a time.
 *
 * @param tableBytes size of the table, its TOAST table included
 * @param indexBytes size of its indexes
 * @param updated rows updated so far
 * @param hotUpdated those of them that left nothing behind in the index (HOT)
 * @param deleted rows deleted so far
 * @param dead rows that wait for vacuum, about
 * @param autovacuums how often autovacuum has been through it
 */
record TableState(long tableBytes, long indexBytes, long updated, long hotUpdated, long deleted, long dead,
		long autovacuums) {

	/**
	 * Share of the updates since a time that were HOT.
	 * @param earlier the state then
	 * @return 0 to 1; not a number if there was no update
	 */
	double hotShareSince(TableState earlier) {
		return (double) (this.hotUpdated - earlier.hotUpdated) / (this.updated - earlier.updated);
	}

}
