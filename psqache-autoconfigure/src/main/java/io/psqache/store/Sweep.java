package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;

/**
 * One walk over the {@code entry} table, which deletes what nobody can read any more: the
 * entries of all caches, of whatever application, that have expired, are of an earlier
 * epoch, or have no cache.
 * <ol>
 * <li>It goes through the heap by ranges of pages (a Tid Range Scan), since there is no
 * index on the time of expiry: one would end HOT updates. A thousand pages take about 4
 * ms to look through.</li>
 * <li>Each statement is a portion with a time limit of its own: no more than
 * {@value #PAGES} pages and {@value #ROWS} rows.</li>
 * <li>Rows are picked with {@code for update skip locked}: it waits for no put, and no
 * two sweeps wait for each other, so there is no deadlock. What it skips is for the next
 * sweep, or for the put that has it locked.</li>
 * </ol>
 * It goes as far as the table reached when it began. Not thread-safe.
 */
public final class Sweep {

	/**
	 * Pages in a portion.
	 */
	static final int PAGES = 1_000;

	/**
	 * Rows that a portion deletes at most.
	 */
	static final int ROWS = 5_000;

	private static final long UNKNOWN = -1;

	private final EntrySql sql;

	private final Function<Solo.Work<Long>, Request<Long>> requests;

	private long next;

	private long end = UNKNOWN;

	Sweep(EntrySql sql, Function<Solo.Work<Long>, Request<Long>> requests) {
		this.sql = sql;
		this.requests = requests;
	}

	/**
	 * Go through the rest of the table.
	 * @return how many entries were deleted
	 * @throws StoreException if a portion failed; those before it are done
	 */
	public long finish() {
		long deleted = 0;
		while (hasNext()) {
			deleted += next();
		}
		return deleted;
	}

	/**
	 * Whether there is more to go through.
	 * @return {@code true} before the first portion
	 */
	public boolean hasNext() {
		return this.end == UNKNOWN || this.next < this.end;
	}

	/**
	 * Go through the next portion.
	 * @return how many entries were deleted
	 * @throws StoreException if it failed; the next call tries the same portion
	 */
	public long next() {
		if (this.end == UNKNOWN) {
			this.end = this.requests.apply(this::pages).await();
		}
		long first = this.next;
		long deleted = this.requests.apply((lane) -> delete(lane, first)).await();
		if (deleted < ROWS) { // else there may be more on these pages
			this.next = first + PAGES;
		}
		return deleted;
	}

	private long pages(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.entryPages);
				ResultSet rows = statement.executeQuery()) {
			rows.next();
			return rows.getLong("pages");
		}
	}

	private long delete(Lane lane, long first) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.sweep)) {
			statement.setString(1, "(%d,0)".formatted(first));
			statement.setString(2, "(%d,0)".formatted(Math.min(first + PAGES, this.end)));
			statement.setInt(3, ROWS);
			return statement.executeUpdate();
		}
	}

}
