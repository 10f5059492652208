package io.psqache.benchmarks.endurance;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Calls that come at a rate of their own, however long each takes (an open loop), and how
 * long they took from when they were due. Thread-safe.
 */
final class PacedLoad implements AutoCloseable {

	private static final int DIGITS = 3;

	private final Recorder nanos = new Recorder(TimeUnit.MINUTES.toNanos(10), DIGITS);

	private final Crew crew = new Crew();

	/**
	 * Begin.
	 * @param threads how many calls there can be at a time
	 * @param perSecond how many begin each second
	 * @param call a call, of its number
	 */
	PacedLoad(int threads, double perSecond, LongConsumer call) {
		this.crew.loop(threads, (caller) -> {
			Pacer pacer = Pacer.of(caller, threads, perSecond);
			long[] number = { caller };
			return () -> {
				pacer.await();
				call.accept(number[0]);
				this.nanos.recordValue(pacer.sinceDue());
				number[0] += threads;
			};
		});
	}

	/**
	 * What was recorded since the last call of this method.
	 */
	Histogram window() {
		return this.nanos.getIntervalHistogram();
	}

	/**
	 * Stop, after what is under way.
	 * @throws Exception what a call has failed with
	 */
	void stop() throws Exception {
		this.crew.stop();
	}

	@Override
	public void close() {
		this.crew.close();
	}

}
