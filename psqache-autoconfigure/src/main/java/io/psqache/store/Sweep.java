package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One walk over the {@code entry} table, for all caches of whatever application. It
 * deletes what nobody can read any more (entries that have expired, are of an earlier
 * epoch, or have no cache) and what is too much by the {@link Bounds}, and counts what
 * remains.
 * <ol>
 * <li>It goes by ranges of pages. Each statement on a range is short and has a time limit
 * of its own; when one takes too long, a quarter of the range is tried next.</li>
 * <li>Which entries are too many shows only when all are counted: the walk after that
 * evicts them.</li>
 * <li>It goes as far as the table reached when it began. What it skips, since someone has
 * it locked, is for the next walk.</li>
 * </ol>
 * Not thread-safe.
 */
final class Sweep {

	/**
	 * Pages of a step, if nothing else was said: they take about 4 ms to look through.
	 */
	static final int PAGES = 1_000;

	/**
	 * Rows that a statement deletes at most.
	 */
	static final int ROWS = 2_000;

	private final SweepSql sql;

	private final Requests requests;

	private final int stepPages;

	private final Collection<Eviction> evictions;

	private final String begun;

	private final long end;

	private final boolean whole;

	private final Map<Integer, Tally> tallies;

	private long next;

	private int pages;

	private int rows = ROWS;

	private int maxPages;

	private int maxRows = ROWS;

	private boolean least;

	private @Nullable List<Find> finds;

	/**
	 * Begin a walk.
	 * @param first the page it begins with
	 * @param stepPages pages of a step
	 * @param evictions what the walk before has found to be too much
	 */
	Sweep(SweepSql sql, Requests requests, long first, int stepPages, Collection<Eviction> evictions) {
		this.sql = sql;
		this.requests = requests;
		this.stepPages = stepPages;
		this.maxPages = stepPages;
		this.pages = stepPages;
		this.evictions = evictions;
		Extent extent = requests.await(this::extent);
		this.begun = extent.now();
		this.end = extent.pages();
		this.next = (first < this.end) ? first : 0;
		this.whole = this.next == 0;
		this.tallies = requests.await(this::caches);
	}

	private Extent extent(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareRead(this.sql.extent);
				ResultSet rows = statement.executeQuery()) {
			rows.next();
			return new Extent(rows.getString("now"), rows.getLong("pages"));
		}
	}

	private Map<Integer, Tally> caches(Lane lane) throws SQLException {
		Map<Integer, Tally> caches = new TreeMap<>();
		try (PreparedStatement statement = lane.prepareRead(this.sql.caches);
				ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				caches.put(rows.getInt("id"), new Tally(new Bounds(rows.getObject("max_entries", Long.class),
						rows.getObject("max_bytes", Long.class))));
			}
		}
		return caches;
	}

	/**
	 * Whether there is more to go through.
	 */
	boolean hasNext() {
		return this.next < this.end;
	}

	/**
	 * Go through the next pages, or do a part of what there is to do on them: one
	 * statement that deletes as many rows as it may ends the step.
	 * @return what was done
	 * @throws StoreException if it failed; the next call tries the same pages, or fewer
	 * if they took too long
	 */
	Step next() {
		PageRange range = new PageRange(this.next, Math.min(this.next + this.pages, this.end));
		try {
			long evicted = evict(range);
			return (evicted < this.rows) ? clean(range, evicted) : new Step(0, 0, evicted);
		}
		catch (StoreException ex) {
			if (ex.failureCause() == FailureCause.TIMEOUT) {
				shrink();
			}
			throw ex;
		}
	}

	/**
	 * Values that lie outside of their rows make a row take long, and so does a busy
	 * server: try a quarter next, and half at the most for the rest of this walk.
	 */
	private void shrink() {
		this.least = this.pages == 1 && this.rows == 1;
		this.maxPages = Math.max(1, this.pages / 2);
		this.maxRows = Math.max(1, this.rows / 2);
		this.pages = Math.max(1, this.pages / 4);
		this.rows = Math.max(1, this.rows / 4);
		this.finds = null;
	}

	/**
	 * Whether the step that took too long was the smallest there is.
	 */
	boolean isAtItsLeast() {
		return this.least;
	}

	/**
	 * Go through all that is left.
	 * @return how many entries were deleted
	 * @throws StoreException if a step failed that could not be smaller
	 */
	long toTheEnd() {
		long deleted = 0;
		while (hasNext()) {
			try {
				deleted += next().removed();
			}
			catch (StoreException ex) {
				if (ex.failureCause() != FailureCause.TIMEOUT || isAtItsLeast()) {
					throw ex;
				}
			}
		}
		return deleted;
	}

	/**
	 * Evict what is too much on some pages, up to what a step may delete.
	 */
	private long evict(PageRange range) {
		long evicted = 0;
		for (Eviction eviction : this.evictions) {
			long most = Math.min(this.rows - evicted, eviction.left());
			if (most > 0) {
				long gone = this.requests.await((lane) -> removeUnused(lane, range, eviction, most));
				eviction.evicted(gone);
				evicted += gone;
			}
		}
		return evicted;
	}

	private long removeUnused(Lane lane, PageRange range, Eviction eviction, long most) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.removeUnused)) {
			int index = range.bind(statement, 1);
			statement.setInt(index, eviction.cacheId());
			statement.setString(index + 1, eviction.since());
			statement.setLong(index + 2, eviction.unusedMillis());
			statement.setLong(index + 3, most);
			return statement.executeUpdate();
		}
	}

	/**
	 * Count what is on some pages, and delete the dead among it.
	 */
	private Step clean(PageRange range, long evicted) {
		List<Find> present = this.finds;
		if (present == null) {
			present = this.requests.await((lane) -> look(lane, range));
			this.finds = present;
		}
		long expired = 0;
		if (present.stream().anyMatch(Find::dead)) {
			int most = this.rows;
			expired = this.requests.await((lane) -> removeDead(lane, range, most));
			if (expired == most) { // there may be more
				return new Step(0, expired, evicted);
			}
		}
		present.forEach((find) -> tally(find.cacheId()).add(find));
		this.finds = null;
		this.next = range.end();
		this.pages = Math.min(this.maxPages, 2 * this.pages);
		this.rows = Math.min(this.maxRows, 2 * this.rows);
		return new Step(present.stream().mapToLong(Find::entries).sum(), expired, evicted);
	}

	private Tally tally(int cacheId) {
		return this.tallies.computeIfAbsent(cacheId, (made) -> new Tally(Bounds.NONE));
	}

	/**
	 * It has the time limit of a write, which breaks no connection.
	 */
	private List<Find> look(Lane lane, PageRange range) throws SQLException {
		List<Find> present = new ArrayList<>();
		try (PreparedStatement statement = lane.prepareWrite(this.sql.look)) {
			statement.setString(1, this.begun);
			range.bind(statement, 2);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					present.add(Find.of(rows));
				}
			}
		}
		return present;
	}

	private long removeDead(Lane lane, PageRange range, int most) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.removeDead)) {
			int index = range.bind(statement, 1);
			statement.setInt(index, most);
			return statement.executeUpdate();
		}
	}

	/**
	 * Once it is at its end: tell all instances what was found, if it was a whole walk.
	 * @return what the next walk is to evict
	 */
	List<Eviction> finish() {
		if (!this.whole) {
			return List.of(); // it has not seen all of anything
		}
		this.requests.await(this::record);
		return this.tallies.entrySet()
			.stream()
			.map((cache) -> cache.getValue().eviction(cache.getKey(), this.begun))
			.filter(Objects::nonNull)
			.toList();
	}

	private Integer record(Lane lane) throws SQLException {
		try (PreparedStatement statement = lane.prepareWrite(this.sql.recordFigures)) {
			Collection<Tally> found = this.tallies.values();
			statement.setObject(1, this.tallies.keySet().toArray(Integer[]::new));
			statement.setObject(2, found.stream().map(Tally::entries).toArray(Long[]::new));
			statement.setObject(3, found.stream().map(Tally::bytes).toArray(Long[]::new));
			statement.setObject(4, found.stream().map(Tally::dead).toArray(Long[]::new));
			statement.setObject(5, texts(found.stream().map(Tally::writtenFrom)));
			statement.setObject(6, texts(found.stream().map(Tally::writtenTo)));
			statement.setObject(7, texts(found.stream().map(Tally::usedFrom)));
			return statement.executeUpdate();
		}
	}

	private static @Nullable String[] texts(Stream<@Nullable OffsetDateTime> times) {
		return times.map((time) -> (time != null) ? time.toString() : null).toArray(String[]::new);
	}

	/**
	 * Entries that may be added before some bound is exceeded.
	 */
	long room() {
		return this.tallies.values().stream().mapToLong(Tally::room).min().orElse(Long.MAX_VALUE);
	}

	/**
	 * The page where it goes on.
	 */
	long place() {
		return this.next;
	}

	/**
	 * How many steps a whole walk takes, at least.
	 */
	long steps() {
		return this.end / this.stepPages + 1;
	}

	/**
	 * What a step did.
	 *
	 * @param looked entries it has counted
	 * @param expired entries it has deleted because they could be read no more
	 * @param evicted entries it has deleted because there were too many
	 */
	record Step(long looked, long expired, long evicted) {

		long removed() {
			return this.expired + this.evicted;
		}

	}

	/**
	 * What a walk sets out with.
	 *
	 * @param now the time, in words of the database
	 * @param pages how far the table reaches
	 */
	private record Extent(String now, long pages) {

	}

	/**
	 * How its statements get to the database.
	 */
	@FunctionalInterface
	interface Requests {

		<T> T await(Solo.Work<T> work);

	}

}
