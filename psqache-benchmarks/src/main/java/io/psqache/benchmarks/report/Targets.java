package io.psqache.benchmarks.report;

import java.util.List;

import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.workload.Scenario;
import io.psqache.benchmarks.workload.ValueSize;
import io.psqache.benchmarks.workload.Workload;

/**
 * What psqache must reach.
 */
public final class Targets {

	private static final String PSQACHE = ContenderKind.PSQACHE.toString();

	private static final String REDIS_CACHE = ContenderKind.REDIS_CACHE.toString();

	private static final List<Workload> GET = List.of(Workload.GET);

	private static final List<Workload> PUT = List.of(Workload.PUT);

	private static final List<Workload> GET_AND_PUT = List.of(Workload.GET, Workload.PUT);

	private static final ValueSize KB = ValueSize.parse("1k");

	private static final ValueSize KB_16 = ValueSize.parse("16k");

	private static final List<Target> ALL = List.of(
			new Target("get, 1 KB, 32 and 128 threads, calls/s against RedisCache", PSQACHE, REDIS_CACHE,
					Figure.CALLS_PER_SECOND, Bound.atLeast(1.5), GET, KB, List.of(32, 128)),
			new Target("get, 1 KB, 8 threads, calls/s against RedisCache", PSQACHE, REDIS_CACHE,
					Figure.CALLS_PER_SECOND, Bound.atLeast(1.1), GET, KB, List.of(8)),
			new Target("get, 1 KB, 1 thread, p50 against RedisCache", PSQACHE, REDIS_CACHE, Figure.P50,
					Bound.atMost(0.8), GET, KB, List.of(1)),
			new Target("put, 1 KB, 32 and 128 threads, calls/s against RedisCache with immediate writes", PSQACHE,
					REDIS_CACHE, Figure.CALLS_PER_SECOND, Bound.atLeast(1.3), PUT, KB, List.of(32, 128)),
			new Target("get and put, 1 KB, 128 threads, p99 against RedisCache", PSQACHE, REDIS_CACHE, Figure.P99,
					Bound.atMost(1), GET_AND_PUT, KB, List.of(128)),
			new Target("get, 1 KB, 32 threads, CPU a call (JVM and server) against RedisCache", PSQACHE, REDIS_CACHE,
					Figure.TOTAL_CPU, Bound.atMost(0.8), GET, KB, List.of(32)),
			new Target("get and put, 1 KB, 32 threads, calls/s against pgcache-core", PSQACHE,
					ContenderKind.PGCACHE.toString(), Figure.CALLS_PER_SECOND, Bound.atLeast(3), GET_AND_PUT, KB,
					List.of(32)),
			new Target("get, 16 KB, storage: binary, calls/s against RedisCache",
					ContenderKind.PSQACHE_BINARY.toString(), REDIS_CACHE, Figure.CALLS_PER_SECOND, Bound.atLeast(1),
					GET, KB_16, List.of()));

	private Targets() {
	}

	/**
	 * Whether a contender is needed in a scenario.
	 * @param kind the contender
	 * @param scenario the scenario
	 * @return whether one of the targets compares it there
	 */
	public static boolean need(ContenderKind kind, Scenario scenario) {
		return ALL.stream().anyMatch((target) -> target.needs(kind.toString(), scenario));
	}

	static List<TargetResult> judge(List<ScenarioResult> results) {
		return ALL.stream().map((target) -> target.judge(results)).toList();
	}

}
