package io.psqache.benchmarks.contender;

import java.util.Locale;
import java.util.function.Function;

/**
 * The contenders.
 */
public enum ContenderKind {

	/**
	 * psqache with its defaults.
	 */
	PSQACHE((arena) -> new PsqacheContender(arena, "jsonb")),

	PSQACHE_BINARY((arena) -> new PsqacheContender(arena, "binary")),

	/**
	 * The yardstick of psqache: the least that coalescing over pgjdbc costs.
	 */
	FLOOR((arena) -> new FloorContender(arena, FloorStorage.JSONB)),

	FLOOR_BINARY((arena) -> new FloorContender(arena, FloorStorage.BINARY)),

	/**
<<<<<<< HEAD
	 * What all others are compared with.
=======
	 * The contender that all others are compared with: Spring Data Redis on one shared
	 * connection, with {@code immediateWrites()}.
	 */
	REDIS_CACHE((arena) -> new RedisCacheContender(arena, false)),

	/**
	 * The same on a pool of connections.
>>>>>>> bench
	 */
	REDIS_CACHE_POOL((arena) -> new RedisCacheContender(arena, true)),

	/**
	 * The nearest peer on PostgreSQL.
	 */
	PGCACHE(PgCacheContender::new),

	/**
	 * A table and one statement a call, written by hand.
	 */
	JDBC(JdbcContender::new),

	/**
	 * The ceiling of Redis: bytes through Lettuce, without Spring and JSON.
	 */
	LETTUCE(LettuceContender::new),

	/**
	 * The ceiling of caches: objects in the heap.
	 */
	CAFFEINE((arena) -> new CaffeineContender());

	@SuppressWarnings("ImmutableEnumChecker") // no lambda has state
	private final Function<Arena, Contender> opener;

	ContenderKind(Function<Arena, Contender> opener) {
		this.opener = opener;
	}

	/**
	 * Open the contender, with nothing stored.
	 * @param arena the servers
	 * @return the contender
	 */
	public Contender open(Arena arena) {
		return this.opener.apply(arena);
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
