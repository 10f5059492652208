package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import org.HdrHistogram.Histogram;

/**
 * Puts and gets at a fixed rate, and the windows of time that they are looked at in. The
 * rates are met by any latency that still makes sense; where they are not, it shows in
 * the latencies.
 */
final class CacheLoad implements AutoCloseable {

	private static final int GETTERS = 32;

	private static final int PUTTERS = 16;

	private final PacedLoad gets;

	private final PacedLoad puts;

	private final long window;

	private final List<Window> windows = new ArrayList<>();

	private long begun = System.nanoTime();

	/**
	 * Begin.
	 * @param rates gets and puts a second
	 * @param get a get, of its number
	 * @param put a put, of its number
	 * @param windowMillis the length of a window
	 */
	CacheLoad(Rates rates, LongConsumer get, LongConsumer put, long windowMillis) {
		this.gets = new PacedLoad(GETTERS, rates.gets(), get);
		this.puts = new PacedLoad(PUTTERS, rates.puts(), put);
		this.window = TimeUnit.MILLISECONDS.toNanos(windowMillis);
	}

	/**
	 * Forget what was so far, and begin a window.
	 */
	void restart() {
		this.gets.window();
		this.puts.window();
		this.windows.clear();
		this.begun = System.nanoTime();
	}

	/**
	 * Keep the window if it is over, and begin another.
	 */
	void look() {
		long now = System.nanoTime();
		if (now - this.begun >= this.window) {
			Histogram gets = this.gets.window();
			Histogram puts = this.puts.window();
			double seconds = (now - this.begun) / 1e9;
			this.windows.add(new Window(gets.getTotalCount() / seconds, puts.getTotalCount() / seconds,
					gets.getValueAtPercentile(50) / 1e3, gets.getValueAtPercentile(99) / 1e3,
					gets.getValueAtPercentile(99.9) / 1e3, puts.getValueAtPercentile(99) / 1e3));
			this.begun = now;
		}
	}

	/**
	 * Look until a time has gone by.
	 */
	void lookFor(long millis) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		while (System.nanoTime() < end) {
			Patience.pass(Duration.ofMillis(Math.min(100, millis)));
			look();
		}
	}

	List<Window> windows() {
		return List.copyOf(this.windows);
	}

	void stop() throws Exception {
		this.gets.stop();
		this.puts.stop();
	}

	@Override
	public void close() {
		this.gets.close();
		this.puts.close();
	}

	/**
	 * How many calls begin.
	 *
	 * @param gets a second
	 * @param puts a second
	 */
	record Rates(double gets, double puts) {
	}

	/**
	 * What was seen in some seconds; times in microseconds.
	 *
	 * @param gets a second
	 * @param puts a second
	 * @param p50 of the gets
	 * @param p99 of the gets
	 * @param p999 of the gets
	 * @param putP99 of the puts
	 */
	record Window(double gets, double puts, double p50, double p99, double p999, double putP99) {
	}

}
