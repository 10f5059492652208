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

package io.psqache.benchmarks.resilience;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.psqache.benchmarks.support.Arguments;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Finding.Verdict;
import io.psqache.benchmarks.support.JavaProcess;
import io.psqache.benchmarks.support.Machine;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.RedisServer;
import io.psqache.benchmarks.support.Text;
import org.HdrHistogram.Histogram;

import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Two stampedes: 200 threads in each of 3 processes request a cold key at the same time,
 * from psqache and from {@code RedisCache}; and a hot key becomes stale while it is read
 * 10,000 times a second.
 */
public final class Stampede {

	public static final String NAME = "--stampede";

	public static final String USAGE = """
			Many callers of one key, cold and hot (three minutes):
			  --stampede
			""";

	private static final String CLUSTER = "psqache.defaults.single-flight=cluster";

	private static final int PROCESSES = 3;

	private static final int THREADS = 200;

	private static final int ROUNDS = 5;

	private static final int LOAD_MILLIS = 500;

	private static final int MOST_MILLIS = 700;

	/**
	 * The delay until all processes have received the request.
	 */
	private static final int AHEAD_MILLIS = 500;

	private static final int READS_PER_SECOND = 10_000;

	private static final int READERS = 32;

	private static final int WINDOW_SECONDS = 15;

	private final Consumer<String> progress;

	/**
	 * Prepare a run.
	 * @param progress receives each line of progress
	 * @param words the options
	 * @throws IllegalArgumentException if there is an unknown option
	 */
	public Stampede(Consumer<String> progress, String... words) {
		Arguments arguments = new Arguments(words);
		arguments.has(NAME);
		// The build sets this option, but the results are only printed.
		arguments.text("--output", "");
		arguments.requireAllKnown();
		this.progress = progress;
	}

	/**
	 * Run and print the results.
	 * @throws Exception if it cannot be run
	 */
	public void run() throws Exception {
		try (PostgresServer postgres = PostgresServer.start();
				RedisServer redis = RedisServer.start();
				Database database = postgres.createDatabase("stampede")) {
			say("%s", Machine.describe(postgres.description(), redis.description()));
			say("A cold key, %d threads in each of %d processes, a load of %d ms: exactly 1 load, all within %d ms",
					THREADS, PROCESSES, LOAD_MILLIS, MOST_MILLIS);
			cold("psqache, single-flight: cluster", database.url());
			cold("RedisCache, locking writer", String.valueOf(redis.port()));
			say("A hot key, %,d reads a second, a load of %d ms: p99 within twice that of a key that stays fresh",
					READS_PER_SECOND, LOAD_MILLIS);
			hot(database.url());
		}
	}

	private void cold(String title, String address) throws Exception {
		List<JavaProcess> processes = new ArrayList<>();
		try {
			for (int process = 0; process < PROCESSES; process++) {
				processes.add(JavaProcess.start(Stampede.class, address));
				processes.get(process).receive("ready");
			}
			for (int round = 0; round < ROUNDS; round++) {
				String order = "cold%d %d".formatted(round, System.currentTimeMillis() + AHEAD_MILLIS);
				processes.forEach((process) -> process.send(order));
				long loads = 0;
				long millis = 0;
				for (JavaProcess process : processes) {
					long[] answer = Stream.of(process.receive("done").split(" ", -1))
						.mapToLong(Long::parseLong)
						.toArray();
					loads += answer[0];
					millis = Math.max(millis, answer[1]);
				}
				say("  %-32s %d loads, all have the value after %d ms: %s", title, loads, millis,
						Verdict.of(loads == 1 && millis <= MOST_MILLIS));
			}
		}
		finally {
			processes.forEach(JavaProcess::close);
		}
	}

	/**
	 * Run one instance in a separate process until its input ends. Each line of input
	 * contains a key and the time to request it, in milliseconds since 1970. The answer
	 * contains the number of loads, and the time at which the last thread had the value.
	 * @param args the URL of the database, or the port of Redis
	 * @throws Exception if a call fails
	 */
	@SuppressWarnings("SystemOut")
	public static void main(String[] args) throws Exception {
		Cache cache = args[0].startsWith("jdbc:") ? Psqache.start(args[0], CLUSTER).cache() : redis(args[0]);
		rush(cache, "warm-up", System.currentTimeMillis(), 1);
		System.out.println("ready");
		BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String order = orders.readLine(); order != null; order = orders.readLine()) {
			String[] words = order.split(" ", -1);
			System.out.println("done " + rush(cache, words[0], Long.parseLong(words[1]), LOAD_MILLIS));
		}
		System.exit(0);
	}

	private static Cache redis(String port) {
		LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", Integer.parseInt(port));
		connections.afterPropertiesSet();
		connections.start();
		RedisCacheManager manager = RedisCacheManager.builder(RedisCacheWriter.lockingRedisCacheWriter(connections))
			.build();
		return Objects.requireNonNull(manager.getCache("stampede"));
	}

	private static String rush(Cache cache, String key, long moment, int loadMillis) throws Exception {
		AtomicInteger loads = new AtomicInteger();
		AtomicLong last = new AtomicLong();
		try (Crew crew = new Crew()) {
			crew.start(THREADS, (thread) -> {
				Thread.sleep(Math.max(0, moment - System.currentTimeMillis()));
				read(cache, key, loads, loadMillis);
				last.accumulateAndGet(System.currentTimeMillis() - moment, Math::max);
			}).join();
		}
		return loads + " " + last;
	}

	private static void read(Cache cache, String key, AtomicInteger loads, int loadMillis) {
		String value = cache.get(key, () -> {
			loads.incrementAndGet();
			TimeUnit.MILLISECONDS.sleep(loadMillis);
			return "value";
		});
		if (!"value".equals(value)) {
			throw new IllegalStateException("There is no value");
		}
	}

	private void hot(String url) throws IOException, Exception {
		try (Psqache steady = Psqache.start(url, CLUSTER);
				Psqache ageing = Psqache.start(url, CLUSTER, "psqache.defaults.fresh-for=1s")) {
			double steadyP99 = hot("always fresh", steady.cache("steady"));
			double ageingP99 = hot("fresh-for 1 s", ageing.cache("ageing"));
			say("  p99: %.2f times, %s", ageingP99 / steadyP99, Verdict.of(ageingP99 <= 2 * steadyP99));
		}
	}

	private double hot(String title, Cache cache) throws Exception {
		AtomicInteger loads = new AtomicInteger();
		try (Crew crew = new Crew()) {
			read(cache, "hot", loads, LOAD_MILLIS);
			crew.pace(READERS, READS_PER_SECOND, (number) -> read(cache, "hot", loads, LOAD_MILLIS));
			TimeUnit.SECONDS.sleep(WINDOW_SECONDS); // Warm up.
			crew.times();
			int before = loads.get();
			TimeUnit.SECONDS.sleep(WINDOW_SECONDS);
			Histogram nanos = crew.times();
			double p99 = nanos.getValueAtPercentile(99) / 1e6;
			say("  %-32s %d loads in %d s; p50 %.2f ms, p99 %.2f ms, longest %.1f ms", title, loads.get() - before,
					WINDOW_SECONDS, nanos.getValueAtPercentile(50) / 1e6, p99, nanos.getMaxValue() / 1e6);
			crew.stop();
			return p99;
		}
	}

	private void say(String format, Object... arguments) {
		this.progress.accept(Text.format(format, arguments));
	}

}
