package io.psqache.store;

import java.util.Comparator;

/**
 * A row in {@code cache}, as an instance remembers it. Statements name it by its
 * generation: a row that was deleted and made again has another one, and a statement that
 * names the earlier one finds no cache. So no instance reads another cache's entries by
 * an id that it remembers, whatever was truncated or restored meanwhile.
 *
 * @param id the id, which the entries of the cache have
 * @param generation a random number
 */
public record CacheRow(int id, long generation) implements Comparable<CacheRow> {

	private static final Comparator<CacheRow> ORDER = Comparator.comparingInt(CacheRow::id)
		.thenComparingLong(CacheRow::generation);

	@Override
	public int compareTo(CacheRow other) {
		return ORDER.compare(this, other);
	}

}
