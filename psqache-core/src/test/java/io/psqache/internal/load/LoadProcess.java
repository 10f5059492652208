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

package io.psqache.internal.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.psqache.CacheMonitor;
import io.psqache.PostgresCache;
import io.psqache.PostgresCacheManager;
import io.psqache.SingleFlightScope;
import io.psqache.test.TestProcess;

/**
 * The main class of a {@link TestProcess} whose threads all read one key at the same
 * time.
 */
final class LoadProcess {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final PostgresCache cache;

	private final List<Future<Call>> calls = new ArrayList<>();

	private LoadProcess(String[] args) {
		PostgresCacheManager manager = TestProcess.manager(args, CacheMonitor.NONE,
				(defaults) -> defaults.withLoading(defaults.loading().withSingleFlight(SingleFlightScope.CLUSTER)));
		this.cache = (PostgresCache) Objects.requireNonNull(manager.getCache("books"));
		this.cache.get("another"); // opens the connections
	}

	public static void main(String[] args) throws Exception {
		TestProcess.answer(new LoadProcess(args)::answer);
	}

	private String answer(String... words) throws Exception {
		return switch (words[0]) {
			case "load" ->
				load(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4]));
			case "outcome" -> outcome();
			case "loads" -> String.valueOf(this.cache.getStatistics().loading().loads());
			case "waits" -> String.valueOf(this.cache.getStatistics().loading().leaseWaits());
			default -> throw new IllegalArgumentException(words[0]);
		};
	}

	/**
	 * Let several threads read a key.
	 * @param millis the duration of a load in milliseconds
	 * @param moment when they read, in milliseconds since 1970
	 */
	private String load(String key, int number, long millis, long moment) {
		this.calls.clear();
		for (int thread = 0; thread < number; thread++) {
			this.calls.add(this.threads.submit(() -> {
				// All processes read at the same time.
				TimeUnit.MILLISECONDS.sleep(Math.max(0, moment - System.currentTimeMillis()));
				String value = this.cache.get(key, () -> {
					// A process cannot observe the threads of the others.
					TimeUnit.MILLISECONDS.sleep(millis);
					return "of-" + ProcessHandle.current().pid();
				});
				return new Call(String.valueOf(value), System.currentTimeMillis() - moment);
			}));
		}
		return "done";
	}

	/**
	 * Return the values of all threads, and the milliseconds until the last one had its
	 * value.
	 */
	private String outcome() throws Exception {
		Set<String> values = new TreeSet<>();
		long last = 0;
		for (Future<Call> call : this.calls) {
			values.add(call.get().value());
			last = Math.max(last, call.get().millis());
		}
		return String.join(",", values) + " " + last;
	}

	private record Call(String value, long millis) {

	}

}
