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
 * @param each one a cache
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
	 * Bind them as arrays, and what they have in common.
	 * @return the next index
	 */
	int bind(PreparedStatement statement, int index) throws SQLException {
		statement.setObject(index, column(Integer[]::new, Eviction::cacheId));
		statement.setObject(index + 1, column(Long[]::new, Eviction::allMicros));
		statement.setObject(index + 2, column(Long[]::new, Eviction::someMicros));
		statement.setObject(index + 3, column(Long[]::new, (one) -> (long) Math.ceil(HASHES * one.share())));
		statement.setString(index + 4, this.since);
		statement.setString(index + 5, this.since);
		statement.setLong(index + 6, this.since.hashCode());
		return index + 7;
	}

	private <T> T[] column(IntFunction<T[]> array, Function<Eviction, T> value) {
		return this.each.stream().map(value).toArray(array);
	}

}
