/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.benchmarks.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Threads that call a cache concurrently, and stop when the crew is closed. Thread-safe.
 */
public final class Crew implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Future<?>> work = new ArrayList<>();

	private final LongAdder calls = new LongAdder();

	private final Recorder nanos = new Recorder(TimeUnit.MINUTES.toNanos(10), 3);

	private volatile boolean stopped;

	/**
	 * Run a task once on each of some threads.
	 * @param threads the number of threads
	 * @param task the task, of the number of its thread
	 * @return this
	 */
	public Crew start(int threads, Task task) {
		for (int thread = 0; thread < threads; thread++) {
			int number = thread;
			this.work.add(this.threads.submit(() -> {
				task.run(number);
				return null;
			}));
		}
		return this;
	}

	/**
	 * Distribute a range of numbers over the threads, and call once for each number.
	 * @param threads the number of threads
	 * @param from the first number
	 * @param to the number after the last
	 * @param call the call, with its number
	 * @return this
	 */
	public Crew forEach(int threads, long from, long to, Call call) {
		return start(threads, (thread) -> {
			for (long number = from + thread; number < to && !this.stopped; number += threads) {
				call.run(number);
				this.calls.increment();
			}
		});
	}

	/**
	 * Call at a fixed rate until the crew is closed, independent of the duration of the
	 * calls (an open loop).
	 * @param threads the number of threads
	 * @param perSecond the calls per second of all threads
	 * @param call the call, with its number
	 * @return this
	 */
	public Crew pace(int threads, double perSecond, Call call) {
		return start(threads, (thread) -> {
			Pacer pacer = Pacer.of(thread, threads, perSecond);
			for (long number = thread; !this.stopped; number += threads) {
				pacer.await();
				call.run(number);
				this.nanos.recordValue(Math.max(0, pacer.sinceDue()));
				this.calls.increment();
			}
		});
	}

	/**
	 * Measure the rate of calls that follow each other without a pause (a closed loop).
	 * @param threads the number of threads
	 * @param time the time to call
	 * @param chunk calls of a thread between two readings of the clock
	 * @param call the call, of its number
	 * @return calls a second of all threads together
	 * @throws Exception the failure of a call
	 */
	public static double rate(int threads, Duration time, int chunk, Call call) throws Exception {
		long begun = System.nanoTime();
		try (Crew crew = new Crew()) {
			crew.start(threads, (thread) -> {
				long number = thread;
				while (System.nanoTime() - begun < time.toNanos()) {
					for (int calls = 0; calls < chunk; calls++) {
						call.run(number);
						number += threads;
					}
					crew.calls.add(chunk);
				}
			}).join();
			return crew.calls() / Time.secondsSince(begun);
		}
	}

	public long calls() {
		return this.calls.sum();
	}

	/**
	 * Return the times of paced calls since the last call of this method.
	 * @return the times in nanoseconds, measured from when each call was due
	 */
	public Histogram times() {
		return this.nanos.getIntervalHistogram();
	}

	public boolean isDone() {
		return this.work.stream().allMatch(Future::isDone);
	}

	/**
	 * Wait until all tasks have ended.
	 * @throws Exception the failure of a task
	 */
	public void join() throws Exception {
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
	 * Stop after the current calls.
	 * @throws Exception the failure of a task
	 */
	public void stop() throws Exception {
		this.stopped = true;
		join();
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
	 * The task of one thread.
	 */
	@FunctionalInterface
	public interface Task {

		void run(int thread) throws Exception;

	}

	/**
	 * A call with its number.
	 */
	@FunctionalInterface
	public interface Call {

		void run(long number) throws Exception;

	}

}
