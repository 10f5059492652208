package io.psqache.benchmarks.measure;

import java.util.concurrent.Callable;

/**
 * One thread of the application: calls, waits for the answer, calls again.
 */
final class Caller implements Callable<Tally> {

	private final Task task;

	private final Limit limit;

	private final Gate gate;

	private int place;

	Caller(Task task, int place, Limit limit, Gate gate) {
		this.task = task;
		this.place = place;
		this.limit = limit;
		this.gate = gate;
	}

	/**
	 * The end of a call is the beginning of the next, so that the clock is read once a
	 * call.
	 */
	@Override
	public Tally call() throws InterruptedException {
		Tally tally = new Tally();
		long begun = this.gate.await();
		long before = System.nanoTime();
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
