package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.psqache.CacheSettings;
import io.psqache.PostgresCache;
import io.psqache.benchmarks.contender.Arena;
import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.server.RedisServer;
import io.psqache.benchmarks.server.Servers;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.ValueSize;
import org.jspecify.annotations.Nullable;

/**
 * Hits of the near cache, by shared values and by values that are decoded for each
 * caller, against a bare Caffeine and Redis.
 */
final class NearHits implements Experiment {

	static final int KEYS = 1_000;

	private static final int ROUNDS = 5;

	/**
	 * Reads between two looks at the clock.
	 */
	private static final int CHUNK = 200;

	@Override
	public String name() {
		return "near-hits";
	}

	@Override
	public String title(Sizes sizes) {
		return "Reads of %,d keys of which there are copies, values of 1 KB, %d rounds in turns".formatted(KEYS,
				ROUNDS);
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		Dataset dataset = new Dataset(new ValueSize(1024), KEYS, stage.seed());
		try (Database database = stage.database("near");
				Instance shared = database.open(Sweeper.OFF, NearHits::near);
				Instance decoding = database.openDecoding();
				RedisServer redis = RedisServer.start();
				Arena arena = new Arena(new Servers(stage.server(), redis), dataset);
				Contender redisCache = ContenderKind.REDIS_CACHE.open(arena)) {
			Cache<Object, Object> bare = Caffeine.newBuilder().maximumSize(10_000).build();
			Cache<Object, Object> timed = Caffeine.newBuilder()
				.maximumSize(10_000)
				.expireAfterWrite(Duration.ofMinutes(5))
				.build();
			shared.awaitListening();
			decoding.awaitListening();
			for (int key = 0; key < KEYS; key++) {
				bare.put(dataset.key(key), dataset.value(key, 0));
				timed.put(dataset.key(key), dataset.value(key, 0));
				redisCache.put(dataset.key(key), dataset.value(key, 0));
				shared.cache().put(dataset.key(key), dataset.value(key, 0));
				shared.cache().get(dataset.key(key));
				decoding.cache().get(dataset.key(key));
			}
			for (int threads : new int[] { 1, 8 }) {
				compare(stage, journal, threads, dataset, new Readers(shared.cache(), bare, timed, redisCache));
			}
			journal.figure("near hit, value decoded for each caller, 1 thread",
					1e9 / rate(1, stage.sizes().time(3), dataset, decoding.cache()::get), "ns");
			journal.count("failed calls", shared.failures() + decoding.failures());
		}
	}

	private static void compare(Stage stage, Journal journal, int threads, Dataset dataset, Readers readers)
			throws Exception {
		Duration time = stage.sizes().time(2);
		List<Double> toTimed = new ArrayList<>();
		List<Double> toBare = new ArrayList<>();
		List<Double> toRedis = new ArrayList<>();
		List<Double> nanos = new ArrayList<>();
		for (int round = -2; round < ROUNDS; round++) { // the first two warm up
			double bare = rate(threads, time, dataset, readers.bare()::getIfPresent);
			double near = rate(threads, time, dataset, readers.near()::get);
			double timed = rate(threads, time, dataset, readers.timed()::getIfPresent);
			double redis = rate(threads, time.dividedBy(2), dataset, (key) -> getFromRedis(readers.redis(), key));
			if (round >= 0) {
				toTimed.add(timed / near);
				toBare.add(bare / near);
				toRedis.add(near / redis);
				nanos.add(1e9 * threads / near);
			}
		}
		journal.figure("near hit, shared value, threads: " + threads, Medians.of(nanos), "ns a thread");
		judge(journal, "near hit, threads: %d, time against Caffeine with a time-to-live".formatted(threads), toTimed);
		judge(journal, "near hit, threads: %d, time against Caffeine without any".formatted(threads), toBare);
		if (threads == 8) {
			journal.judge("near hit against RedisCache get, 8 threads, rate", ">= 100 x", Medians.spread(toRedis),
					Medians.of(toRedis) >= 100);
		}
	}

	private static void judge(Journal journal, String target, List<Double> ratios) {
		journal.judge(target, "<= 2.0 x", Medians.spread(ratios), Medians.of(ratios) <= 2);
	}

	private static @Nullable Object getFromRedis(Contender redis, String key) {
		try {
			return redis.get(key);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Reads a second of all threads together.
	 */
	private static double rate(int threads, Duration time, Dataset dataset, Function<String, @Nullable Object> get)
			throws Exception {
		LongAdder reads = new LongAdder();
		LongAdder misses = new LongAdder();
		long begun = System.nanoTime();
		long end = begun + time.toNanos();
		try (Crew crew = new Crew()) {
			crew.start(threads, (member) -> {
				int key = member * 127;
				while (System.nanoTime() - end < 0) {
					for (int i = 0; i < CHUNK; i++) {
						key = (key + 7) % KEYS;
						if (get.apply(dataset.key(key)) == null) {
							misses.increment();
						}
					}
					reads.add(CHUNK);
				}
			});
			crew.join();
		}
		return reads.sum() / ((System.nanoTime() - begun) / 1e9);
	}

	/**
	 * Those who are compared.
	 */
	private record Readers(PostgresCache near, Cache<Object, Object> bare, Cache<Object, Object> timed,
			Contender redis) {

	}

	static CacheSettings near(CacheSettings settings) {
		return settings.withNear(settings.near().withEnabled(true));
	}

}
