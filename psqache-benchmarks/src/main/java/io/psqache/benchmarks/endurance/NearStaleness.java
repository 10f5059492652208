package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Looks for reads of what is older than promised, in three instances, while the
 * connections by which they hear of changes are killed.
 */
final class NearStaleness implements Experiment {

	private static final int INSTANCES = 3;

	private static final int KEYS = 30;

	/**
	 * What is promised while all instances run.
	 */
	private static final Duration BOUND = Duration.ofSeconds(2);

	@Override
	public String name() {
		return "near-staleness";
	}

	@Override
	public String title(Sizes sizes) {
		return "%d instances that write and read %d keys for %d s, while connections that listen are killed"
			.formatted(INSTANCES, KEYS, sizes.time(600).toSeconds());
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		List<Instance> instances = new ArrayList<>();
		Watch watch = new Watch();
		try (Database database = stage.database("near"); Crew crew = new Crew()) {
			try {
				for (int number = 0; number < INSTANCES; number++) {
					instances.add(database.open(Sweeper.OFF, NearHits::near));
					instances.get(number).awaitListening();
				}
				crew.loop(INSTANCES, (member) -> writer(instances.get(member), member, stage.seed(), watch));
				crew.loop(INSTANCES, (member) -> reader(instances.get(member), stage.seed() + member, watch));
				Random random = new Random(stage.seed());
				long end = System.nanoTime() + stage.sizes().time(600).toNanos();
				while (System.nanoTime() - end < 0) {
					Patience.pass(Duration.ofMillis(random.nextInt(3_000)));
					database.kill("listen");
					watch.kills.increment();
				}
				crew.stop();
				watch.report(journal, instances.stream().mapToLong(Instance::nearHits).sum());
			}
			finally {
				crew.close();
				instances.forEach(Instance::close);
			}
		}
	}

	/**
	 * The only one who writes its keys.
	 */
	private static Crew.Step writer(Instance instance, int member, long seed, Watch watch) {
		Random random = new Random(seed + member);
		AtomicLong version = new AtomicLong();
		return () -> {
			int key = INSTANCES * random.nextInt(KEYS / INSTANCES) + member;
			long next = version.incrementAndGet();
			long failures = instance.failures();
			instance.cache().put(key, next);
			if (instance.failures() == failures) {
				watch.written(key, next);
			}
			watch.look(instance.cache().get(key, Long.class), watch.least(key, Duration.ZERO));
			Patience.pass(Duration.ofMillis(1));
		};
	}

	private static Crew.Step reader(Instance instance, long seed, Watch watch) {
		Random random = new Random(seed);
		return () -> {
			int key = random.nextInt(KEYS);
			long least = watch.least(key, BOUND);
			watch.look(instance.cache().get(key, Long.class), least);
		};
	}

	/**
	 * Knows which versions were written when, and what was read.
	 */
	private static final class Watch {

		private final List<NavigableMap<Long, Long>> versions = new ArrayList<>();

		private final LongAdder writes = new LongAdder();

		private final LongAdder reads = new LongAdder();

		private final LongAdder violations = new LongAdder();

		private final LongAdder kills = new LongAdder();

		Watch() {
			for (int key = 0; key < KEYS; key++) {
				this.versions.add(new ConcurrentSkipListMap<>());
			}
		}

		/**
		 * A put has returned.
		 */
		void written(int key, long version) {
			NavigableMap<Long, Long> written = this.versions.get(key);
			long now = System.nanoTime();
			written.put(now, version);
			written.headMap(now - 5 * BOUND.toNanos()).clear();
			this.writes.increment();
		}

		/**
		 * The last version whose put had returned some time ago.
		 */
		long least(int key, Duration bound) {
			Map.Entry<Long, Long> write = this.versions.get(key).floorEntry(System.nanoTime() - bound.toNanos());
			return (write != null) ? write.getValue() : 0;
		}

		void look(@Nullable Long found, long least) {
			this.reads.increment();
			if (found != null && found < least) {
				this.violations.increment();
			}
		}

		void report(Journal journal, long hits) {
			journal.count("writes", this.writes.sum());
			journal.count("reads", this.reads.sum());
			journal.count("of these hits of copies", hits);
			journal.count("times all listening connections were killed", this.kills.sum());
			journal.judge("reads of what is older than 2 s, or than the own last write", "0",
					String.valueOf(this.violations.sum()), this.violations.sum() == 0);
		}

	}

}
