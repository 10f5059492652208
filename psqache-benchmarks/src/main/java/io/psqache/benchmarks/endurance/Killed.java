package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Two instances, each in a process of its own, and the one that sweeps is killed while it
 * does; a third one puts meanwhile, also under keys whose entries have expired, and must
 * lose none of these.
 */
final class Killed implements Experiment {

	private static final int ENTRIES = 2_000_000;

	/**
	 * With fewer the first instance would be done before it is killed.
	 */
	private static final int AT_LEAST = 400_000;

	private static final double PUTS_PER_SECOND = 2000;

	private static final int PUTTERS = 8;

	private static final double MID_SWEEP = 0.02;

	private static final double BOUND = 10;

	private static final Duration LIMIT = Duration.ofMinutes(10);

	private static final Duration GIVE_UP = Duration.ofMinutes(2);

	private static final Duration GLANCE = Duration.ofMillis(100);

	private static final String EXPIRED = "select count(*) from psqache.entry where expires_at <= now()";

	private final ReentrantLock lock = new ReentrantLock();

	@Override
	public String name() {
		return "killed";
	}

	@Override
	public String title(Sizes sizes) {
		return ("two instances; %,d of %,d entries expire at once; the instance that sweeps is killed while it does; "
				+ "%,.0f puts a second alongside")
			.formatted(half(sizes), 2 * half(sizes), PUTS_PER_SECOND);
	}

	private static int half(Sizes sizes) {
		return Math.max(AT_LEAST, sizes.count(ENTRIES)) / 2;
	}

	@Override
	public void run(Stage stage, Journal journal) throws Exception {
		int half = half(stage.sizes());
		BitSet revived = new BitSet();
		try (Database database = stage.database(name())) {
			Preload preload = new Preload(database, stage.values());
			preload.fill("live:", 0, half);
			database.settle();
			try (SweepingProcess first = SweepingProcess.start(database)) {
				String holder = holderWhoIsNot(database, null);
				try (SweepingProcess second = SweepingProcess.start(database);
						Instance instance = database.open(Sweeper.OFF)) {
					TableState before = database.state();
					preload.fill("'doomed:'", "now() - interval '1 second'", 0, half);
					journal.say("%,d entries have expired", half);
					try (PacedLoad puts = puts(stage, instance, half, revived)) {
						kill(journal, database, first, holder, before.deleted(), half);
						awaitSwept(journal, database);
						puts.stop();
					}
					compare(journal, database, instance, half, revived);
					journal.remark("the second instance " + (second.isAlive() ? "lives" : "has ended by itself"));
				}
			}
		}
	}

	/**
	 * Every other put is under a key whose entry has expired, and perhaps is about to be
	 * deleted.
	 */
	private PacedLoad puts(Stage stage, Instance instance, int half, BitSet revived) {
		return new PacedLoad(PUTTERS, PUTS_PER_SECOND, (number) -> {
			int key = Scatter.draw(stage.seed() + number, half);
			boolean revives = number % 2 == 0;
			if (revives) {
				this.lock.lock();
				try {
					revived.set(key);
				}
				finally {
					this.lock.unlock();
				}
			}
			instance.cache().put(Preload.key(revives ? "doomed:" : "live:", key), stage.values().value(number));
		});
	}

	private static void kill(Journal journal, Database database, SweepingProcess first, String holder, long before,
			int half) throws InterruptedException {
		double midSweep = Patience.await(LIMIT, GLANCE, () -> database.state().deleted() - before > MID_SWEEP * half);
		String present = database.text("select holder from psqache.sweeper");
		long deleted = database.state().deleted() - before;
		first.kill();
		long killed = System.nanoTime();
		journal.figure("the first instance sweeps after", midSweep, "s");
		journal.count("entries it had deleted when it was killed", deleted);
		if (!holder.equals(present)) {
			throw new IllegalStateException("The lease has passed to the second instance before the first was killed");
		}
		String heir = holderWhoIsNot(database, holder);
		journal.figure("until the second has the lease", (System.nanoTime() - killed) / 1e9, "s");
		long taken = database.state().deleted();
		journal.say("the lease is now with %s", heir);
		boolean sweeps = !Double.isNaN(Patience.await(GIVE_UP, GLANCE, () -> database.state().deleted() > taken));
		double seconds = sweeps ? (System.nanoTime() - killed) / 1e9 : Double.NaN;
		if (!sweeps && database.number(EXPIRED) == 0) {
			throw new IllegalStateException("The first instance had deleted all before it was killed");
		}
		journal.judge("an instance is killed while it sweeps: the other sweeps", "<= 10 s", Text.seconds(seconds),
				seconds <= BOUND);
	}

	private static String holderWhoIsNot(Database database, @Nullable String former) throws InterruptedException {
		Patience.await(LIMIT, GLANCE, () -> holder(database, former) != null);
		String holder = holder(database, former);
		if (holder == null) {
			throw new IllegalStateException("Nobody sweeps");
		}
		return holder;
	}

	private static @Nullable String holder(Database database, @Nullable String former) {
		String holder = database.text("select holder from psqache.sweeper where held_until > now()");
		return (holder != null && !holder.equals(former)) ? holder : null;
	}

	private static void awaitSwept(Journal journal, Database database) throws InterruptedException {
		double seconds = Patience.await(LIMIT, Duration.ofSeconds(10), () -> database.number(EXPIRED) == 0);
		journal.figure("until every expired entry was gone, after that", seconds, "s");
	}

	private static void compare(Journal journal, Database database, Instance instance, int half, BitSet revived) {
		long expected = (long) half + revived.cardinality();
		long found = database.liveEntries();
		long unreadable = revived.stream()
			.filter((key) -> instance.cache().get(Preload.key("doomed:", key)) == null)
			.count();
		journal.count("expired entries put again meanwhile", revived.cardinality());
		journal.count("of these unreadable", unreadable);
		journal.count("failed calls", instance.failures());
		journal.judge("an instance is killed while it sweeps: entries that live on", "%,d".formatted(expected),
				"%,d".formatted(found), found == expected && unreadable == 0 && instance.failures() == 0);
	}

}
