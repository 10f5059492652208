package io.psqache.benchmarks.workload;

import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * How many threads call the cache at a time, and of which kind.
 *
 * @param count how many
 * @param virtual whether they are virtual threads, which JDK 21 brought
 */
public record Callers(int count, boolean virtual) {

	private static final int VIRTUAL_THREADS_SINCE = 21;

	/**
	 * Read a number of callers.
	 * @param text such as 32, or v1000 for virtual threads
	 * @return the callers
	 */
	public static Callers parse(String text) {
		String lower = text.toLowerCase(Locale.ROOT);
		return lower.startsWith("v") ? new Callers(Integer.parseInt(lower.substring(1)), true)
				: new Callers(Integer.parseInt(lower), false);
	}

	/**
	 * Whether this JDK has such threads.
	 * @return whether it has
	 */
	public boolean isPossible() {
		return !this.virtual || Runtime.version().feature() >= VIRTUAL_THREADS_SINCE;
	}

	/**
	 * Threads for all of them.
	 * @return an executor that runs each task on a thread of its own
	 */
	public ExecutorService executor() {
		return this.virtual ? virtualThreads() : Executors.newFixedThreadPool(this.count);
	}

	/**
	 * By name, since this is compiled for Java 17.
	 */
	private static ExecutorService virtualThreads() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException ex) {
			throw new IllegalStateException("This JDK has no virtual threads", ex);
		}
	}

	@Override
	public String toString() {
		return this.virtual ? this.count + " virtual threads"
				: this.count + ((this.count == 1) ? " thread" : " threads");
	}

	/**
	 * As given in the options and on the axis of a chart.
	 * @return such as 32 or v1000
	 */
	public String label() {
		return (this.virtual ? "v" : "") + this.count;
	}

}
