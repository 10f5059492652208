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
 * {@value #PAGES} pages and {@value #ROWS} rows, or fewer if those take too long.</li>
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

	private int pages = PAGES;

	private int rows = ROWS;

	Sweep(EntrySql sql, Function<Solo.Work<Long>, Request<Long>> requests) {
		this.sql = sql;
		this.requests = requests;
	}

	/**
	 * Go through the rest of the table.
	 * @return how many entries were deleted
	 * @throws StoreException if a portion failed, of however few rows; those before it
	 * are done
	 */
	public long finish() {
		long deleted = 0;
		while (hasNext()) {
			try {
				deleted += next();
			}
			catch (StoreException ex) {
				if (ex.failureCause() != FailureCause.TIMEOUT || this.rows == 1) {
					throw ex;
				}
			}
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
	 * @throws StoreException if it failed; the next call tries the same portion, or a
	 * part of it if it took too long
	 */
	public long next() {
		if (this.end == UNKNOWN) {
			this.end = this.requests.apply(this::pages).await();
		}
		long first = this.next;
		long last = first + this.pages;
		int most = this.rows;
		long deleted = delete(first, last, most);
		if (deleted < most) { // else there may be more on these pages
			this.next = last;
		}
		this.pages = Math.min(PAGES, 2 * this.pages);
		this.rows = Math.min(ROWS, 2 * most);
		return deleted;
	}

	/**
	 * Values that lie outside of their rows make a row take long: of what was too much a
	 * quarter is tried next.
	 */
	private long delete(long first, long last, int most) {
		try {
			return this.requests.apply((lane) -> delete(lane, first, last, most)).await();
		}
		catch (StoreException ex) {
			if (ex.failureCause() == FailureCause.TIMEOUT) {
				this.pages = Math.max(1, this.pages / 4);
				this.rows = Math.max(1, most / 4);
			}
			throw ex;
		}
	}

	private long pages(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.entryPages);
				ResultSet rows = statement.executeQuery()) {
			rows.next();
			return rows.getLong("pages");
		}
	}

	private long delete(Lane lane, long first, long last, int most) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.sweep)) {
			statement.setString(1, "(%d,0)".formatted(first));
			statement.setString(2, "(%d,0)".formatted(Math.min(last, this.end)));
			statement.setInt(3, most);
			return statement.executeUpdate();
		}
	}

}
