package io.psqache.benchmarks.endurance;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Has some callers ask a cache for keys one after the other, and put what they miss.
 */
final class TraceRun {

	private static final int CALLERS = 8;

	private static final String PREFIX = "product:";

	private final Instance instance;

	private final Values values;

	private final int[] trace;

	private final int warmUp;

	private final LongAdder calls = new LongAdder();

	private final LongAdder hits = new LongAdder();

	private double seconds;

	/**
	 * Prepare it.
	 * @param instance what is asked
	 * @param values what is put
	 * @param trace the keys in their order
	 * @param warmUp how many do not count
	 */
	TraceRun(Instance instance, Values values, int[] trace, int warmUp) {
		this.instance = instance;
		this.values = values;
		this.trace = trace;
		this.warmUp = warmUp;
	}

	/**
	 * Do it.
	 * @param perSecond gets a second of all callers together
	 * @param entries how many entries there are, looked at twice a second once the
	 * warm-up is over
	 * @return what was seen of them
	 */
	EntryCount run(double perSecond, LongSupplier entries) throws Exception {
		EntryCount count = new EntryCount();
		long begun = System.nanoTime();
		try (Crew crew = new Crew()) {
			crew.start(CALLERS, (caller) -> ask(caller, perSecond));
			while (!crew.isDone()) {
				Thread.sleep(500);
				long now = entries.getAsLong();
				if (this.calls.sum() > this.warmUp) {
					count.add(now);
				}
			}
			crew.join();
		}
		this.seconds = (System.nanoTime() - begun) / 1e9;
		return count;
	}

	private void ask(int caller, double perSecond) {
		Pacer pacer = Pacer.of(caller, CALLERS, perSecond);
		for (int place = caller; place < this.trace.length; place += CALLERS) {
			pacer.await();
			String key = Preload.key(PREFIX, this.trace[place]);
			boolean hit = this.instance.cache().get(key) != null;
			if (!hit) {
				this.instance.cache().put(key, this.values.value(this.trace[place]));
			}
			else if (place >= this.warmUp) {
				this.hits.increment();
			}
			this.calls.increment();
		}
	}

	double hitRatio() {
		return this.hits.sum() / (double) (this.trace.length - this.warmUp);
	}

	double callsPerSecond() {
		return this.calls.sum() / this.seconds;
	}

}
