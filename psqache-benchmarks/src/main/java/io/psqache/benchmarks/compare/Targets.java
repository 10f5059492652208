/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.benchmarks.compare;

import java.util.List;
import java.util.stream.Stream;

import io.psqache.benchmarks.compare.Outcome.Measurement;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.support.Finding;

/**
 * The targets of psqache that compare contenders. Large and bounded tables have separate
 * experiments.
 */
final class Targets {

	private static final String ALL_CALLERS = "8,32,128,v1000";

	private static final List<Target> COMPARED = List.of(cpu("get", ContenderKind.PSQACHE, ContenderKind.FLOOR),
			cpu("put", ContenderKind.PSQACHE, ContenderKind.FLOOR),
			cpu("get", ContenderKind.PSQACHE_BINARY, ContenderKind.FLOOR_BINARY),
			cpu("put", ContenderKind.PSQACHE_BINARY, ContenderKind.FLOOR_BINARY),
			rate("get, 1 KB, JSONB, rate against RedisCache", ContenderKind.PSQACHE, 1.15, "get", "1k", "32,128"),
			rate("get, 1 KB, binary, rate against RedisCache", ContenderKind.PSQACHE_BINARY, 1.25, "get", "1k",
					"32,128"),
			rate("get, 1 KB, 8 threads, rate against RedisCache", ContenderKind.PSQACHE, 0.95, "get", "1k", "8"),
			rate("get, 1 KB, 1,000 virtual threads, rate against RedisCache", ContenderKind.PSQACHE, 1.5, "get", "1k",
					"v1000"),
			rate("acknowledged put, 1 KB, JSONB, rate against immediateWrites()", ContenderKind.PSQACHE, 0.9, "put",
					"1k", "32,128"),
			rate("acknowledged put, 1 KB, binary, rate against immediateWrites()", ContenderKind.PSQACHE_BINARY, 1.05,
					"put", "1k", "32,128"),
			new Target("get and put, 1 KB, 128 threads, p99 against RedisCache", ContenderKind.PSQACHE,
					ContenderKind.REDIS_CACHE, Measurement::p99, false, 1, Scenario.all("get,put", "1k", "128")),
			new Target("get and put, 1 KB, 32 threads, rate against pgcache-core", ContenderKind.PSQACHE,
					ContenderKind.PGCACHE, Measurement::rate, true, 3, Scenario.all("get,put", "1k", "32")),
			rate("get, 16 KB, storage: binary, rate against RedisCache", ContenderKind.PSQACHE_BINARY, 1, "get", "16k",
					"1,8,32,128"));

	private static final Target PINNED = new Target(
			"get, 1 KB, 1 thread, everything pinned to one core, p50 against RedisCache", ContenderKind.PSQACHE,
			ContenderKind.REDIS_CACHE, Measurement::p50, false, 0.95, Scenario.all("get", "1k", "1"));

	private Targets() {
	}

	private static Target cpu(String workload, ContenderKind subject, ContenderKind floor) {
		return new Target("%s, 1 KB, %s, CPU (JVM + server) against %s".formatted(workload, subject, floor), subject,
				floor, Measurement::cpu, false, 1.1, Scenario.all(workload, "1k", ALL_CALLERS));
	}

	private static Target rate(String name, ContenderKind subject, double least, String workloads, String size,
			String callers) {
		return new Target(name, subject, ContenderKind.REDIS_CACHE, Measurement::rate, true, least,
				Scenario.all(workloads, size, callers));
	}

	/**
	 * The scenarios of a run in which nothing is pinned.
	 */
	static List<Scenario> scenarios() {
		return COMPARED.stream().flatMap((target) -> target.scenarios().stream()).distinct().toList();
	}

	static List<ContenderKind> contenders(Scenario scenario) {
		return Stream.of(ContenderKind.values())
			.filter((kind) -> COMPARED.stream().anyMatch((target) -> target.needs(scenario, kind)))
			.toList();
	}

	/**
	 * Judge the targets.
	 * @param results the comparison
	 * @param pinned the comparison with everything on one core, empty if there was none
	 */
	static List<Finding> judge(List<ScenarioResult> results, List<ScenarioResult> pinned) {
		return Stream.concat(COMPARED.stream().map((target) -> target.judge(results)), Stream.of(PINNED.judge(pinned)))
			.toList();
	}

}
