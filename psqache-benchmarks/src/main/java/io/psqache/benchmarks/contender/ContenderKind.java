package io.psqache.benchmarks.contender;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.Workload;
import io.psqache.codec.Storage;

/**
 * Who can take part, and in what. A new way to set psqache up is one more constant here.
 */
public enum ContenderKind {

	PSQACHE("psqache's PostgresCache, JSONB, four connections", EnumSet.allOf(Workload.class),
			(arena) -> new PsqacheContender(arena, "products", (settings) -> settings)),

	PSQACHE_BINARY("the same with storage: binary", Constants.ANSWERED,
			(arena) -> new PsqacheContender(arena, "binary", (settings) -> settings.withStorage(Storage.BINARY))) {

		/**
		 * By default only where it might be worth it.
		 */
		@Override
		public boolean isUsualIn(Scenario scenario) {
			return super.isUsualIn(scenario) && scenario.size().bytes() >= Constants.LARGE;
		}

	},

	REDIS_CACHE("Spring Data Redis's RedisCache, Lettuce's shared connection, immediateWrites()",
			EnumSet.allOf(Workload.class),
			(arena) -> new RedisCacheContender(arena.servers().redis(), "immediate",
					RedisConnections.shared(arena.servers().redis()), true)),

	REDIS_CACHE_ASYNC("the same with its default writes, which nobody waits for",
			EnumSet.of(Workload.GET, Workload.GET90, Workload.SUSTAINED),
			(arena) -> new RedisCacheContender(arena.servers().redis(), "async",
					RedisConnections.shared(arena.servers().redis()), false)) {

		/**
		 * Its reads are those of {@link #REDIS_CACHE}.
		 */
		@Override
		public boolean isUsualIn(Scenario scenario) {
			return scenario.workload() == Workload.SUSTAINED;
		}

	},

	REDIS_CACHE_POOL("RedisCache with a pool of 16 Lettuce connections, immediateWrites()", Constants.ANSWERED,
			(arena) -> new RedisCacheContender(arena.servers().redis(), "pooled",
					RedisConnections.pooled(arena.servers().redis()), true)),

	PGCACHE("pgcache-core, a pool of 16 connections", Constants.ANSWERED, PgCacheContender::new),

	JDBC("a table and one statement a call, a pool of 16 connections", Constants.ANSWERED, JdbcContender::new),

	LETTUCE("ceiling of Redis: bytes through Lettuce's connection, no Spring, no JSON", Constants.ANSWERED,
			(arena) -> new LettuceContender(arena.servers().redis(), arena.dataset())),

	CAFFEINE("ceiling of caches: Caffeine, objects in the heap", Constants.ANSWERED,
			(arena) -> new CaffeineContender());

	/**
	 * Name of a contender that others are compared with.
	 */
	public static final ContenderKind BASELINE = REDIS_CACHE;

	private final String description;

	private final Set<Workload> workloads;

	private final Function<Arena, Contender> opening;

	ContenderKind(String description, Set<Workload> workloads, Function<Arena, Contender> opening) {
		this.description = description;
		this.workloads = workloads;
		this.opening = opening;
	}

	public String description() {
		return this.description;
	}

	/**
	 * Make one that has stored nothing yet.
	 * @param arena where
	 * @return the contender
	 */
	public Contender open(Arena arena) {
		return this.opening.apply(arena);
	}

	/**
	 * Whether the scenario makes sense for it: puts that nobody waits for would only pile
	 * up in the memory if they were called for a time and not for a number.
	 * @param scenario the scenario
	 * @return whether it can take part
	 */
	public boolean canTakePartIn(Scenario scenario) {
		return this.workloads.contains(scenario.workload());
	}

	/**
	 * Whether it takes part where the user did not choose.
	 * @param scenario the scenario
	 * @return whether it takes part
	 */
	public boolean isUsualIn(Scenario scenario) {
		return canTakePartIn(scenario);
	}

	/**
	 * The contender of a name.
	 * @param name the name, as {@link #toString()} gives it
	 * @return the contender
	 */
	public static ContenderKind parse(String name) {
		return Stream.of(values())
			.filter((kind) -> kind.toString().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"There is no contender '" + name + "'. There are " + Stream.of(values()).toList() + "."));
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Enum constants cannot refer to static fields of their own class.
	 */
	private static final class Constants {

		/**
		 * Of those whose puts are done when they return, {@link Workload#SUSTAINED} would
		 * say the same as {@link Workload#PUT}.
		 */
		private static final Set<Workload> ANSWERED = EnumSet.complementOf(EnumSet.of(Workload.SUSTAINED));

		private static final int LARGE = 4096;

		private Constants() {
		}

	}

}
