package io.psqache.benchmarks.measure;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * One thread of the application: calls, waits for the answer, calls again.
 */
final class Caller implements Callable<Tally> {

	private final Task task;

	private final Limit limit;

	private final CountDownLatch ready;

	private final CountDownLatch start;

	private int place;

	Caller(Task task, int place, Limit limit, CountDownLatch ready, CountDownLatch start) {
		this.task = task;
		this.place = place;
		this.limit = limit;
		this.ready = ready;
		this.start = start;
	}

	/**
	 * The end of a call is the beginning of the next, so that the clock is read once a
	 * call.
	 */
	@Override
	public Tally call() throws InterruptedException {
		Tally tally = new Tally();
		this.ready.countDown();
		this.start.await();
		long begun = System.nanoTime();
		long before = begun;
		for (long calls = 0; calls < this.limit.calls() && before - begun < this.limit.nanos(); calls++) {
			perform(tally);
			long now = System.nanoTime();
			tally.add(now - before);
			before = now;
		}
		return tally;
	}

	private void perform(Tally tally) {
		try {
			if (!this.task.perform(this.place++)) {
				tally.error("wrong answer");
			}
		}
		catch (Exception ex) {
			tally.error(ex.toString());
		}
	}

}
