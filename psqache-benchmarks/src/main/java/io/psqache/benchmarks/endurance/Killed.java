package io.psqache.benchmarks.endurance;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.psqache.TypedCache;
import io.psqache.benchmarks.contender.Product;
import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.Database;
import io.psqache.benchmarks.support.JavaProcess;
import io.psqache.benchmarks.support.Psqache;
import io.psqache.benchmarks.support.Text;
import io.psqache.benchmarks.support.Time;

/**
 * Kills the instance that sweeps while it deletes. Another instance puts meanwhile, half
 * of the puts under keys whose entries have expired: it must take over the sweeping, and
 * no entry that lives may be lost.
 */
final class Killed implements Experiment {

	private static final int ENTRIES = 1_000_000;

	/**
	 * With fewer the first instance is done before it can be killed.
	 */
	private static final int FEWEST = 300_000;

	private static final int PUTS_PER_SECOND = 2_000;

	private static final Duration LIMIT = Duration.ofMinutes(10);

	private static final Duration GLANCE = Duration.ofMillis(100);

	/**
	 * Until the statistics have what the killed instance did.
	 */
	private static final long STATISTICS_MILLIS = 2_000;

	private static final long LEASE_MILLIS = 3_000;

	private static final double MOST_SECONDS = 10;

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int half = Math.max(FEWEST, stage.count(ENTRIES));
		journal.begin("%,d of %,d entries expire at once; the instance that sweeps is killed; %,d puts a second", half,
				2 * half, PUTS_PER_SECOND);
		try (Database database = stage.database("killed");
				JavaProcess sweeping = JavaProcess.start(SweepingInstance.class, database.url())) {
			sweeping.receive(SweepingInstance.READY);
			Thread.sleep(LEASE_MILLIS); // the first instance sweeps, not the second
			try (Psqache second = Psqache.start(database.url())) {
				Instant expiry = fill(stage, second, half);
				long before = database.state().deleted();
				Time.await(LIMIT, GLANCE, () -> Instant.now().isAfter(expiry));
				Set<Integer> revived = ConcurrentHashMap.newKeySet();
				try (Crew puts = new Crew()) {
					puts.pace(8, PUTS_PER_SECOND, (number) -> {
						boolean revives = number % 2 == 0;
						int key = stage.draw(number, half) + (revives ? half : 0);
						if (revives) {
							revived.add(key);
						}
						second.cache().put(Stage.key(key), stage.value(number));
					});
					kill(journal, database, sweeping, before, half);
					String expired = "select count(*) from %s where expires_at <= now()"
						.formatted(database.entryTable());
					double swept = Time.await(LIMIT, Duration.ofSeconds(2), () -> database.number(expired) == 0);
					journal.figure("until every expired row was deleted, after that", swept, "s");
					puts.stop();
				}
				long expected = (long) half + revived.size();
				long found = database.liveEntries();
				long lost = revived.stream().filter((key) -> second.cache().get(Stage.key(key)) == null).count();
				journal.count("failed calls", second.failures());
				journal.judge("the sweeping instance is killed: entries that live", Text.format("%,d", expected),
						Text.format("%,d", found), found == expected && lost == 0);
			}
		}
	}

	private static Instant fill(Stage stage, Psqache psqache, int half) throws Exception {
		TypedCache<String, Product> cache = psqache.typedCache(Psqache.CACHE, String.class, Product.class);
		try (Crew crew = new Crew()) {
			long begun = System.nanoTime();
			crew.forEach(32, 0, half, (number) -> cache.set(Stage.key(number), stage.value(number))).join();
			Instant expiry = Instant.now().plus(Time.seconds(2 + 1.5 * Time.secondsSince(begun)));
			crew.forEach(32, half, 2L * half, (number) -> cache.set(Stage.key(number), stage.value(number),
					Duration.between(Instant.now(), expiry)))
				.join();
			return expiry;
		}
	}

	private static void kill(Journal journal, Database database, JavaProcess sweeping, long before, int half)
			throws InterruptedException {
		Time.await(LIMIT, GLANCE, () -> database.state().deleted() - before > half / 50);
		sweeping.kill();
		long killed = System.nanoTime();
		Thread.sleep(STATISTICS_MILLIS);
		long deleted = database.state().deleted();
		journal.count("rows deleted when it was killed", deleted - before);
		if (deleted - before >= half) {
			throw new IllegalStateException("The first instance had deleted everything before it was killed");
		}
		Time.await(LIMIT, GLANCE, () -> database.state().deleted() > deleted);
		double seconds = Time.secondsSince(killed);
		journal.judge("the sweeping instance is killed: another one sweeps after", "<= 10 s",
				Text.format("%.1f s", seconds), seconds <= MOST_SECONDS);
	}

	/**
	 * An instance in a process of its own.
	 */
	static final class SweepingInstance {

		static final String READY = "ready";

		private SweepingInstance() {
		}

		/**
		 * Runs until its input ends.
		 * @param args the URL of the database
		 * @throws IOException if the input cannot be read
		 */
		@SuppressWarnings("SystemOut")
		public static void main(String[] args) throws IOException {
			try (Psqache psqache = Psqache.start(args[0])) {
				psqache.cache().get("nothing");
				System.out.println(READY);
				System.in.transferTo(OutputStream.nullOutputStream());
			}
		}

	}

}
