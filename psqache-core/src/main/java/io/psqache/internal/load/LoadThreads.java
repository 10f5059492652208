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

package io.psqache.internal.load;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Runs loaders on their own threads. The threads are daemons, at most
 * {@value #MAX_THREADS}, and end after 10 idle seconds. Thread-safe.
 */
public final class LoadThreads implements AutoCloseable {

	/**
	 * More threads could overload the source of the values.
	 */
	static final int MAX_THREADS = 32;

	private final ThreadPoolExecutor threads = new ThreadPoolExecutor(0, MAX_THREADS, 10, TimeUnit.SECONDS,
			new SynchronousQueue<>(), daemons());

	/**
	 * Run a task with the context class loader of the calling thread.
	 * @return {@code false} if all threads are busy or the pool is closed
	 */
	boolean run(Runnable task) {
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		try {
			this.threads.execute(() -> {
				Thread.currentThread().setContextClassLoader(classLoader);
				try {
					task.run();
				}
				finally {
					Thread.currentThread().setContextClassLoader(null);
				}
			});
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	/**
	 * Refuse further tasks. Does not wait for running tasks.
	 */
	@Override
	public void close() {
		this.threads.shutdown();
	}

	private static ThreadFactory daemons() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("psqache-load-");
		threads.setDaemon(true);
		return threads;
	}

}
