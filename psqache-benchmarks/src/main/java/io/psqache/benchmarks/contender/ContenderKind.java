package io.psqache.benchmarks.contender;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.psqache.benchmarks.server.RedisServer;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.Workload;
import io.psqache.codec.Storage;

/**
 * Who can take part, and in what. A new way to set psqache up is one more constant here.
 */
public enum ContenderKind {

	/**
	 * psqache as it is by default.
	 */
	PSQACHE("psqache's PostgresCache: JSONB, four connections", PutReturns.DONE_FOR_COMPARISON) {
		@Override
		public Contender open(Arena arena) {
			return new PsqacheContender(arena, "products", (settings) -> settings);
		}
	},

	/**
	 * psqache for large values, by default only where values are.
	 */
	PSQACHE_BINARY("the same with storage: binary", PutReturns.DONE) {
		@Override
		public Contender open(Arena arena) {
			return new PsqacheContender(arena, "binary", (settings) -> settings.withStorage(Storage.BINARY));
		}

		@Override
		public boolean isUsualIn(Scenario scenario) {
			return super.isUsualIn(scenario) && scenario.size().bytes() >= 4096;
		}
	},

	/**
	 * What all others are compared with.
	 */
	REDIS_CACHE("Spring Data Redis's RedisCache: Lettuce's shared connection, immediateWrites()",
			PutReturns.DONE_FOR_COMPARISON) {
		@Override
		public Contender open(Arena arena) {
			RedisServer redis = arena.servers().redis();
			return new RedisCacheContender(redis, "immediate", RedisConnections.shared(redis), true);
		}
	},

	/**
	 * What most applications have without knowing. Its reads are those of
	 * {@link #REDIS_CACHE}.
	 */
	REDIS_CACHE_ASYNC("the same with its default writes, which nobody waits for", PutReturns.AT_ONCE) {
		@Override
		public Contender open(Arena arena) {
			RedisServer redis = arena.servers().redis();
			return new RedisCacheContender(redis, "async", RedisConnections.shared(redis), false);
		}

		@Override
		public boolean isUsualIn(Scenario scenario) {
			return scenario.workload() == Workload.SUSTAINED;
		}
	},

	/**
	 * What some applications set up in hope of more.
	 */
	REDIS_CACHE_POOL("RedisCache with a pool of 16 Lettuce connections, immediateWrites()", PutReturns.DONE) {
		@Override
		public Contender open(Arena arena) {
			RedisServer redis = arena.servers().redis();
			return new RedisCacheContender(redis, "pooled", RedisConnections.pooled(redis), true);
		}
	},

	/**
	 * The nearest peer.
	 */
	PGCACHE("pgcache-core: a pool of 16 connections", PutReturns.DONE) {
		@Override
		public Contender open(Arena arena) {
			return new PgCacheContender(arena);
		}
	},

	/**
	 * What is written by hand.
	 */
	JDBC("a table and one statement a call: a pool of 16 connections", PutReturns.DONE) {
		@Override
		public Contender open(Arena arena) {
			return new JdbcContender(arena);
		}
	},

	/**
	 * What Redis can do.
	 */
	LETTUCE("ceiling of Redis: bytes through Lettuce's connection, no Spring, no JSON", PutReturns.DONE) {
		@Override
		public Contender open(Arena arena) {
			return new LettuceContender(arena.servers().redis(), arena.dataset());
		}
	},

	/**
	 * What a cache can do.
	 */
	CAFFEINE("ceiling of caches: Caffeine, objects in the heap", PutReturns.DONE) {
		@Override
		public Contender open(Arena arena) {
			return new CaffeineContender();
		}
	};

	/**
	 * The contender that the others are compared with.
	 */
	public static final ContenderKind BASELINE = REDIS_CACHE;

	private final String description;

	private final PutReturns putReturns;

	ContenderKind(String description, PutReturns putReturns) {
		this.description = description;
		this.putReturns = putReturns;
	}

	public String description() {
		return this.description;
	}

	/**
	 * Make one that has stored nothing yet.
	 * @param arena where
	 * @return the contender
	 */
	public abstract Contender open(Arena arena);

	/**
	 * Whether a scenario makes sense for it.
	 * @param scenario the scenario
	 * @return whether it can take part
	 */
	public boolean canTakePartIn(Scenario scenario) {
		return this.putReturns.suits(scenario.workload());
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
	 * What a workload is made of for it. Puts that nobody waits for must be counted, so
	 * that they do not pile up.
	 * @param workload the workload
	 * @return the workloads of one operation that use the same code
	 */
	public List<Workload> operations(Workload workload) {
		Workload put = this.putReturns.suits(Workload.PUT) ? Workload.PUT : Workload.SUSTAINED;
		return switch (workload) {
			case GET, GET90 -> List.of(Workload.GET);
			case PUT, SUSTAINED -> List.of(put);
			case MIXED -> List.of(Workload.GET, put);
		};
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

}
