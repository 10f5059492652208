package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.psqache.benchmarks.contender.Arena;
import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.contender.ContenderKind;
import io.psqache.benchmarks.contender.Dataset;
import io.psqache.benchmarks.contender.Product;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.RedisServer;
import io.psqache.benchmarks.support.ServerProcess;
import io.psqache.benchmarks.support.Spread;
import org.jspecify.annotations.Nullable;

/**
 * Hits of the near cache, against Caffeine with and without a time-to-live and against
 * {@code RedisCache}, in interleaved rounds.
 */
final class NearHits implements Experiment {

	static final String NEAR = "psqache.defaults.near.enabled=true";

	private static final int KEYS = 1_000;

	private static final int ROUNDS = 5;

	/**
	 * Reads between two readings of the clock, which takes as long as a hit.
	 */
	private static final int READS_A_LOOK = 200;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		journal.begin("Reads of %,d keys that are copied, values of 1 KB, %d rounds", KEYS, ROUNDS);
		Dataset dataset = new Dataset(1024, KEYS, stage.seed());
		try (Database database = stage.database("near");
				Psqache shared = Psqache.start(database.url(), NEAR,
						"psqache.near.immutable-types=" + Product.class.getName());
				Psqache decoding = Psqache.start(database.url(), NEAR);
				RedisServer server = RedisServer.start();
				Contender redis = ContenderKind.REDIS_CACHE.open(new Arena(database, ServerProcess.NONE, server))) {
			Cache<String, Product> bare = Caffeine.newBuilder().maximumSize(10_000).build();
			Cache<String, Product> timed = Caffeine.newBuilder()
				.maximumSize(10_000)
				.expireAfterWrite(Duration.ofMinutes(5))
				.build();
			shared.awaitCopies();
			decoding.awaitCopies();
			for (int key = 0; key < KEYS; key++) {
				bare.put(dataset.key(key), dataset.value(key, 0));
				timed.put(dataset.key(key), dataset.value(key, 0));
				redis.put(dataset.key(key), dataset.value(key, 0));
				shared.cache().put(dataset.key(key), dataset.value(key, 0));
			}
			for (int threads : new int[] { 1, 8 }) {
				Reads reads = new Reads(dataset, threads, stage.seconds(2));
				compare(journal, reads, bare::getIfPresent, timed::getIfPresent, shared.cache()::get, redis);
			}
			double rate = new Reads(dataset, 1, stage.seconds(3)).rate(decoding.cache()::get);
			journal.figure("near hit, value decoded for each caller, 1 thread", 1e9 / rate, "ns");
			journal.count("failed calls", shared.failures() + decoding.failures());
		}
	}

	private static void compare(Journal journal, Reads reads, Read bare, Read timed, Read near, Contender redis)
			throws Exception {
		List<Double> toBare = new ArrayList<>();
		List<Double> toTimed = new ArrayList<>();
		List<Double> toRedis = new ArrayList<>();
		List<Double> nanos = new ArrayList<>();
		for (int round = -2; round < ROUNDS; round++) { // the first two warm up
			double bareRate = reads.rate(bare);
			double nearRate = reads.rate(near);
			double timedRate = reads.rate(timed);
			double redisRate = reads.rate((key) -> read(redis, key));
			if (round >= 0) {
				toBare.add(bareRate / nearRate);
				toTimed.add(timedRate / nearRate);
				toRedis.add(nearRate / redisRate);
				nanos.add(1e9 * reads.threads() / nearRate);
			}
		}
		String threads = ", threads: " + reads.threads();
		journal.figure("near hit, shared value" + threads, Spread.of(nanos).median(), "ns");
		Spread timedRatio = Spread.of(toTimed);
		journal.judge("near hit, time against Caffeine with a time-to-live" + threads, "<= 2.0 x",
				timedRatio.toString(), timedRatio.median() <= 2);
		Spread bareRatio = Spread.of(toBare);
		journal.judge("near hit, time against Caffeine without one" + threads, "<= 2.0 x", bareRatio.toString(),
				bareRatio.median() <= 2);
		Spread redisRatio = Spread.of(toRedis);
		journal.judge("near hit, rate against RedisCache" + threads, ">= 100 x", redisRatio.toString(),
				redisRatio.median() >= 100);
	}

	private static @Nullable Object read(Contender contender, String key) {
		try {
			return contender.get(key);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A read of a cache.
	 */
	@FunctionalInterface
	private interface Read {

		@Nullable Object get(String key);

	}

	/**
	 * Reads all keys in turn for some time.
	 */
	private record Reads(Dataset dataset, int threads, Duration time) {

		double rate(Read read) throws Exception {
			return Crew.rate(this.threads, this.time, READS_A_LOOK, (number) -> {
				if (read.get(this.dataset.key((int) (number * 7 % KEYS))) == null) {
					throw new IllegalStateException("A read missed an entry that is there");
				}
			});
		}

	}

}
