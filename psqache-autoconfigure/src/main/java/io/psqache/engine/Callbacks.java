package io.psqache.engine;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Makes the threads on which the application is told of answers, so that nothing it does
 * then holds up a worker. Not those of the common pool: code that blocks that one, which
 * may have a single thread, would hold up every answer, and its threads do not see the
 * application's classes in an executable jar.
 */
final class Callbacks {

	private static final int MIN_THREADS = 4;

	private Callbacks() {
	}

	/**
	 * Make a pool. It is never shut down, since answers may come after the store is
	 * closed; its idle threads end by themselves.
	 */
	static ForkJoinPool create() {
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		return new ForkJoinPool(Math.max(MIN_THREADS, Runtime.getRuntime().availableProcessors()), (pool) -> {
			ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
			thread.setName("psqache-callback-" + thread.getPoolIndex());
			thread.setContextClassLoader(classLoader);
			return thread;
		}, null, true);
	}

}
