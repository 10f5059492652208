package io.psqache.benchmarks.consistency;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What is done to the rows and the cache.
 */
public enum Load {

	/**
	 * What most applications do.
	 */
	EVICTIONS("changes evict (`@CacheEvict`), all transactions are READ COMMITTED, reads are outside of them"),

	/**
	 * The load of psqache's own test, {@code ConsistencyIntegrationTests}.
	 */
	EVERYTHING("some changes put the new value (`@CachePut`) or clear the cache as well, some transactions "
			+ "read, before or after a change, and some of them are REPEATABLE READ"),

	/**
	 * With someone who does not know of the cache.
	 */
	SQL("the same, and 3 % of the operations change a row by SQL that no cache hears of");

	private final String description;

	Load(String description) {
		this.description = description;
	}

	String description() {
		return this.description;
	}

	/**
	 * Who is tried by it where the user did not choose.
	 */
	Stream<CacheSetup> usual() {
		return switch (this) {
			case EVICTIONS, EVERYTHING ->
				Stream.of(CacheSetup.values()).filter((setup) -> setup != CacheSetup.PSQACHE_WATCH);
			case SQL -> List.of(CacheSetup.PSQACHE, CacheSetup.PSQACHE_WATCH, CacheSetup.REDIS_IMMEDIATE).stream();
		};
	}

	/**
	 * The load of a name.
	 * @param name the name, as {@link #toString()} gives it
	 * @return the load
	 */
	public static Load parse(String name) {
		return Stream.of(values())
			.filter((load) -> load.toString().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"There is no load '" + name + "'. There are " + Stream.of(values()).toList() + "."));
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
