package io.psqache.benchmarks.endurance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Threads that call the cache at once. Closing it stops them.
 */
final class Crew implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Future<?>> work = new ArrayList<>();

	private volatile boolean stopped;

	/**
	 * Have something done over and over until {@link #stop()}.
	 * @param members by how many
	 * @param work makes of the number of a member what it does; it is done once more
	 * whenever it is done
	 */
	void loop(int members, Member work) {
		start(members, (member) -> {
			Step step = work.step(member);
			while (!this.stopped) {
				step.run();
			}
		});
	}

	/**
	 * Have something done once.
	 * @param members by how many
	 * @param task what each does, of its number
	 */
	void start(int members, Task task) {
		for (int member = 0; member < members; member++) {
			int number = member;
			this.work.add(this.threads.submit(() -> {
				task.run(number);
				return null;
			}));
		}
	}

	boolean isDone() {
		return this.work.stream().allMatch(Future::isDone);
	}

	boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Let everyone finish what they do once, and wait for that.
	 * @throws Exception what one of them has failed with
	 */
	void join() throws Exception {
		for (Future<?> share : this.work) {
			try {
				share.get();
			}
			catch (ExecutionException ex) {
				throw (ex.getCause() instanceof Exception cause) ? cause : ex;
			}
		}
		this.work.clear();
	}

	/**
	 * End what goes on over and over.
	 * @throws Exception what one of them has failed with
	 */
	void stop() throws Exception {
		this.stopped = true;
		join();
		this.stopped = false;
	}

	@Override
	public void close() {
		this.stopped = true;
		this.threads.shutdownNow();
		try {
			this.threads.awaitTermination(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Makes what a member does.
	 */
	@FunctionalInterface
	interface Member {

		Step step(int member);

	}

	/**
	 * What is done over and over.
	 */
	@FunctionalInterface
	interface Step {

		void run() throws Exception;

	}

	/**
	 * What is done once.
	 */
	@FunctionalInterface
	interface Task {

		void run(int member) throws Exception;

	}

}
