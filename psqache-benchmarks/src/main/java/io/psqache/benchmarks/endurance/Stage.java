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

package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.psqache.CacheWriteException;
import io.psqache.TypedCache;
import io.psqache.benchmarks.contender.Dataset;
import io.psqache.benchmarks.contender.Product;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Time;

/**
 * The server of an experiment, and its sizes as fractions of the sizes that the targets
 * require.
 *
 * @param server the server
 * @param amount the fraction of counts, such as entries and puts
 * @param time the fraction of fixed durations
 * @param seed the seed of all random choices
 * @param values values of 500 bytes
 */
record Stage(PostgresServer server, double amount, double time, long seed, Dataset values) {

	private static final int VALUE_BYTES = 500;

	private static final int FILLERS = 4;

	private static final int MOST_ATTEMPTS = 20;

	private static final int ENTRIES_A_STATEMENT = 100;

	static Stage of(PostgresServer server, double amount, double time, long seed) {
		return new Stage(server, amount, time, seed, new Dataset(VALUE_BYTES, 1, seed));
	}

	Database database(String name) {
		return this.server.createDatabase("endurance_" + name);
	}

	int count(int full) {
		return (int) Math.max(1, Math.round(full * this.amount));
	}

	Duration seconds(double full) {
		return Time.seconds(full * this.time);
	}

	void pause(double fullSeconds) throws InterruptedException {
		Thread.sleep(seconds(fullSeconds).toMillis());
	}

	static String key(long number) {
		return "product:" + number;
	}

	Product value(long number) {
		return this.values.value(number, number >> 9);
	}

	/**
	 * Draw a number by hashing the number of the draw (SplittableRandom's mix, by Steele,
	 * Lea and Flood): threads share no generator, and a seed determines the run.
	 */
	int draw(long number, int bound) {
		long mixed = (number + this.seed + 1) * 0x9E3779B97F4A7C15L;
		mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
		return (int) Math.floorMod(mixed ^ (mixed >>> 31), (long) bound);
	}

	/**
	 * Write entries, many in one statement.
	 * @param psqache the instance
	 * @param from number of the first entry
	 * @param to number after the last
	 */
	void fill(Psqache psqache, int from, int to) throws Exception {
		TypedCache<String, Product> cache = psqache.typedCache(Psqache.CACHE, String.class, Product.class);
		try (Crew crew = new Crew()) {
			crew.forEach(FILLERS, 0, (to - from + ENTRIES_A_STATEMENT - 1) / ENTRIES_A_STATEMENT, (statement) -> {
				Map<String, Product> entries = new HashMap<>();
				long first = from + statement * ENTRIES_A_STATEMENT;
				for (long number = first; number < Math.min(to, first + ENTRIES_A_STATEMENT); number++) {
					entries.put(key(number), value(number));
				}
				setAll(cache, entries);
			}).join();
		}
	}

	/**
	 * Write entries, and repeat if a busy machine exceeds {@code psqache.timeout}.
	 */
	static <K, V> void setAll(TypedCache<K, V> cache, Map<K, V> entries) {
		for (int attempt = 1;; attempt++) {
			try {
				cache.setAll(entries);
				return;
			}
			catch (CacheWriteException ex) {
				if (attempt == MOST_ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

}
