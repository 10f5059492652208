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

package io.psqache.benchmarks.consistency;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.RedisServer;

/**
 * Tests one cache under one load, with two instances of the application on an empty
 * database. All callers pause periodically, so that keys that are still wrong can be
 * counted.
 */
final class Trial {

	private static final int CALLERS = 8;

	private static final int RESTS = 20;

	/**
	 * The number of operations that all callers execute before each pause.
	 */
	static final int SHARES = CALLERS * RESTS;

	/**
	 * The pause, which is longer than any asynchronous write.
	 */
	private static final long REST_MILLIS = 100;

	private final Load load;

	private final CacheSetup setup;

	private final Judge judge = new Judge(Items.COUNT, System::nanoTime);

	private int wrongAtRest;

	Trial(Load load, CacheSetup setup) {
		this.load = load;
		this.setup = setup;
	}

	Outcome run(PostgresServer postgres, RedisServer redis, int operations, long seed) throws Exception {
		String name = ("consistency_" + this.load + "_" + this.setup).replace('-', '_');
		try (Database database = postgres.createDatabase(name)) {
			database.execute(Items.SCHEMA);
			try (ApplicationInstance first = ApplicationInstance.start(database, name + ":", redis, this.setup);
					ApplicationInstance second = ApplicationInstance.start(database, name + ":", redis, this.setup)) {
				List<ApplicationInstance> instances = List.of(first, second);
				operate(instances, operations, seed);
				double reads = first.reads() + second.reads();
				return new Outcome(this.setup, this.judge.reads(), (first.hits() + second.hits()) / reads,
						this.judge.stale(), this.judge.longestNanos() / 1e6, this.judge.rolledBack(),
						this.judge.ownUnseen(), this.wrongAtRest, RESTS * Items.COUNT, null);
			}
		}
	}

	private void operate(List<ApplicationInstance> instances, int operations, long seed) throws Exception {
		List<Caller> callers = new ArrayList<>();
		for (int number = 0; number < CALLERS; number++) {
			callers.add(new Caller(instances.get(number % instances.size()), this.load, this.judge,
					new Random(seed + number)));
		}
		try (Crew crew = new Crew()) {
			for (int rest = 0; rest < RESTS; rest++) {
				crew.start(CALLERS, (number) -> {
					for (int operation = 0; operation < operations / SHARES; operation++) {
						callers.get(number).operate();
					}
				}).join();
				Thread.sleep(REST_MILLIS);
				this.wrongAtRest += wrong(instances);
			}
		}
	}

	/**
	 * Return the number of keys for which an instance reads another value than the
	 * database contains.
	 */
	private static int wrong(List<ApplicationInstance> instances) {
		int wrong = 0;
		for (int item = 0; item < Items.COUNT; item++) {
			int id = item;
			wrong += instances.stream()
				.anyMatch((instance) -> instance.version(id, false) != instance.items().stored(id)) ? 1 : 0;
		}
		return wrong;
	}

}
