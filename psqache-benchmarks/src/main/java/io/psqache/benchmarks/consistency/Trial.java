package io.psqache.benchmarks.consistency;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.benchmarks.server.PostgresServer;
import io.psqache.benchmarks.server.Servers;

/**
 * One cache under one load: two instances of the application on an empty database, whose
 * callers rest from time to time, so that what is still wrong then can be counted.
 */
final class Trial {

	private static final int CALLERS = 8;

	private static final int RESTS = 20;

	/**
	 * All callers do the same number of operations before each rest.
	 */
	static final int SHARES = CALLERS * RESTS;

	/**
	 * Longer than any write that nobody waits for takes.
	 */
	private static final long REST_MILLIS = 100;

	private final Servers servers;

	private final Load load;

	private final CacheSetup setup;

	private final Judge judge = new Judge(Items.COUNT, System::nanoTime);

	private int wrongAtRest;

	Trial(Servers servers, Load load, CacheSetup setup) {
		this.servers = servers;
		this.load = load;
		this.setup = setup;
	}

	/**
	 * Run it.
	 * @param operations how many in all
	 * @param seed what the operations follow from
	 * @return what was counted
	 * @throws Exception if a call failed
	 */
	Outcome run(int operations, long seed) throws Exception {
		String database = ("consistency_" + this.load + "_" + this.setup).replace('-', '_');
		this.servers.postgres().createDatabase(database);
		try (HikariDataSource pool = new HikariDataSource(this.servers.postgres().pool(database, 1))) {
			List.of(Items.MAKE_SEQUENCE, Items.MAKE_TABLE, Items.FILL_TABLE)
				.forEach((sql) -> PostgresServer.execute(pool, sql));
		}
		try (ApplicationInstance first = ApplicationInstance.start(this.servers, database, this.setup);
				ApplicationInstance second = ApplicationInstance.start(this.servers, database, this.setup)) {
			List<ApplicationInstance> instances = List.of(first, second);
			operate(instances, operations, seed);
			return outcome(instances);
		}
		finally {
			this.servers.postgres().dropDatabase(database);
		}
	}

	private void operate(List<ApplicationInstance> instances, int operations, long seed) throws Exception {
		List<Caller> callers = new ArrayList<>();
		for (int number = 0; number < CALLERS; number++) {
			callers.add(new Caller(instances.get(number % instances.size()), this.load, this.judge,
					new Random(seed + number)));
		}
		ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
		try {
			for (int rest = 0; rest < RESTS; rest++) {
				together(threads, callers, operations / SHARES);
				Thread.sleep(REST_MILLIS);
				this.wrongAtRest += wrong(instances);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static void together(ExecutorService threads, List<Caller> callers, int operations) throws Exception {
		List<Callable<Void>> shares = callers.stream().<Callable<Void>>map((caller) -> () -> {
			for (int operation = 0; operation < operations; operation++) {
				caller.operate();
			}
			return null;
		}).toList();
		for (Future<Void> share : threads.invokeAll(shares)) {
			try {
				share.get();
			}
			catch (ExecutionException ex) {
				throw (ex.getCause() instanceof Exception cause) ? cause : ex;
			}
		}
	}

	/**
	 * How many keys either instance reads otherwise than the database has them.
	 */
	private static int wrong(List<ApplicationInstance> instances) {
		int wrong = 0;
		for (int item = 0; item < Items.COUNT; item++) {
			int id = item;
			if (instances.stream().anyMatch((instance) -> instance.version(id, false) != instance.items().stored(id))) {
				wrong++;
			}
		}
		return wrong;
	}

	private Outcome outcome(List<ApplicationInstance> instances) {
		double reads = instances.stream().mapToLong(ApplicationInstance::reads).sum();
		double hits = instances.stream().mapToLong(ApplicationInstance::hits).sum();
		return new Outcome(this.setup, this.judge.reads(), hits / reads, this.judge.stale(),
				this.judge.longestNanos() / 1e6, this.judge.rolledBack(), this.judge.ownUnseen(), this.wrongAtRest,
				RESTS * Items.COUNT, null);
	}

}
