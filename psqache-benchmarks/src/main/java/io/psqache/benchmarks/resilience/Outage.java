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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.psqache.benchmarks.support.Arguments;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Text;
import org.HdrHistogram.Histogram;

import org.springframework.cache.Cache;

/**
 * Stops the database under an open loop of requests: 90 % get, 9 % put, 1 % evict. The
 * duration of a request is the time that the cache adds to it.
 */
public final class Outage {

	public static final String NAME = "--outage";

	public static final String USAGE = """
			An outage of the database (about a minute):
			  --outage [30]           its length in seconds
			  --rate 5000             requests a second
			""";

	private static final int CALLERS = 32;

	private static final int KEYS = 1_000;

	private static final long WARM_UP_MILLIS = 3_000;

	private static final long BEFORE_MILLIS = 10_000;

	private static final long RETURN_MILLIS = 5_000;

	private final Consumer<String> progress;

	private final int seconds;

	private final int rate;

	private final LongAdder hits = new LongAdder();

	private final LongAdder failed = new LongAdder();

	/**
	 * The time of the first hit since this was last set to 0.
	 */
	private final AtomicLong firstHit = new AtomicLong();

	private final List<List<String>> rows = new ArrayList<>();

	/**
	 * Prepare a run.
	 * @param progress receives each line of progress
	 * @param words the options
	 * @throws IllegalArgumentException if there is an unknown option
	 */
	public Outage(Consumer<String> progress, String... words) {
		Arguments arguments = new Arguments(words);
		String length = arguments.text(NAME, "");
		this.seconds = length.isEmpty() ? 30 : Integer.parseInt(length);
		this.rate = arguments.integer("--rate", 5_000);
		this.progress = progress;
		// The build sets this option, but the table is only printed.
		arguments.text("--output", "");
		arguments.requireAllKnown();
	}

	/**
	 * Run it and print the table.
	 * @throws Exception if it cannot be run
	 */
	public void run() throws Exception {
		Path data = Files.createTempDirectory("psqache-outage").resolve("data");
		PostgresServer server = start(data, 0);
		int port = server.port();
		try (Psqache psqache = Psqache.start(server.defaultDatabase().url()); Crew crew = new Crew()) {
			Cache cache = psqache.cache("outage");
			crew.pace(CALLERS, this.rate, (number) -> request(cache));
			Thread.sleep(WARM_UP_MILLIS);
			end("warm-up", crew);
			this.rows.clear();
			Thread.sleep(BEFORE_MILLIS);
			end("before", crew);
			server.close();
			Thread.sleep(1000);
			end("stopped: the first second", crew);
			Thread.sleep(1000L * Math.max(0, this.seconds - 1));
			this.firstHit.set(0);
			server = start(data, port);
			long started = System.nanoTime();
			end("stopped: after the first second", crew);
			Thread.sleep(RETURN_MILLIS);
			end("started: the first 5 s", crew);
			Thread.sleep(RETURN_MILLIS);
			end("after", crew);
			crew.stop();
			this.progress.accept(
					Text.table(List.of("", "requests", "hits", "p50 ms", "p99 ms", "p99.9 ms", "max ms"), this.rows));
			this.progress.accept(Text.format("failed requests: %d\nfirst hit after the server was started: %.0f ms",
					this.failed.sum(), (this.firstHit.get() - started) / 1e6));
		}
		finally {
			server.close();
		}
	}

	private static PostgresServer start(Path data, int port) {
		return PostgresServer
			.start((builder) -> builder.setDataDirectory(data).setCleanDataDirectory(false).setPort(port));
	}

	/**
	 * Count the requests that ended since the last call.
	 */
	private void end(String phase, Crew crew) {
		Histogram nanos = crew.times();
		this.rows
			.add(List.of(phase, Text.format("%,d", nanos.getTotalCount()), Text.format("%,d", this.hits.sumThenReset()),
					millis(nanos, 50), millis(nanos, 99), millis(nanos, 99.9), millis(nanos, 100)));
	}

	private static String millis(Histogram nanos, double percentile) {
		return Text.format("%.3f", nanos.getValueAtPercentile(percentile) / 1e6);
	}

	private void request(Cache cache) {
		int key = ThreadLocalRandom.current().nextInt(KEYS);
		int kind = ThreadLocalRandom.current().nextInt(100);
		try {
			if (kind == 0) {
				cache.evict(key);
			}
			else if (kind < 10) {
				cache.put(key, "value " + key);
			}
			else if (cache.get(key) != null) {
				this.hits.increment();
				this.firstHit.compareAndSet(0, System.nanoTime());
			}
		}
		catch (RuntimeException ex) {
			this.failed.increment();
		}
	}

}
