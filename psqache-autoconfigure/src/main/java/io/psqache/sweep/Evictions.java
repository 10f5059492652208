package io.psqache.sweep;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What one walk has found to be too much, in all caches: the next one evicts it.
 *
 * @param since the time of the database's clock that the ages are counted from
 * @param each at most one a cache
 */
record Evictions(String since, List<Eviction> each) {

	static final Evictions NONE = new Evictions("", List.of());

	/**
	 * {@link Eviction#share()} as the statement has it: so many of 1,024 hashes.
	 */
	private static final int HASHES = 1024;

	boolean isEmpty() {
		return this.each.isEmpty();
	}

	/**
	 * The caches.
	 */
	Integer[] cacheIds() {
		return column(Integer[]::new, Eviction::cacheId);
	}

	/**
	 * Bind the caches, all of it as arrays, and what they have in common.
	 * @return the next index
	 */
	int bind(PreparedStatement statement, int first) throws SQLException {
		int index = first;
		statement.setObject(index++, cacheIds());
		statement.setObject(index++, cacheIds());
		statement.setObject(index++, column(Long[]::new, Eviction::allMicros));
		statement.setObject(index++, column(Long[]::new, Eviction::someMicros));
		statement.setObject(index++, column(Long[]::new, (each) -> (long) Math.ceil(HASHES * each.share())));
		statement.setString(index++, this.since);
		statement.setString(index++, this.since);
		statement.setLong(index++, this.since.hashCode());
		return index;
	}

	private <T> T[] column(IntFunction<T[]> array, Function<Eviction, T> value) {
		return this.each.stream().map(value).toArray(array);
	}

}
