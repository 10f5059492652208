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

package io.psqache.test;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Creates the threads of callers in a test: platform threads or virtual threads. Uses
 * reflection, because Java 17 has no virtual threads.
 */
public enum CallerThreads {

	/**
	 * Platform threads with small stacks, so that thousands fit into memory.
	 */
	PLATFORM {

		@Override
		public ThreadFactory factory() {
			return (task) -> new Thread(null, task, "caller", STACK_SIZE);
		}

	},

	/**
	 * Virtual threads, if the JDK supports them.
	 */
	VIRTUAL {

		@Override
		public ThreadFactory factory() {
			try {
				Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
				Class<?> type = Class.forName("java.lang.Thread$Builder");
				return (ThreadFactory) type.getMethod("factory").invoke(builder);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException("This JDK has no virtual threads", ex);
			}
		}

	};

	private static final long STACK_SIZE = 256 * 1024;

	public abstract ThreadFactory factory();

	/**
	 * Return an executor with a new thread for each task.
	 * @return the executor
	 */
	public ExecutorService executor() {
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), factory());
	}

	/**
	 * Return the kind of the current thread, so that a test on a virtual thread has
	 * virtual callers.
	 * @return the kind
	 */
	public static CallerThreads ofCurrent() {
		return isVirtual() ? VIRTUAL : PLATFORM;
	}

	private static boolean isVirtual() {
		try {
			return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
		}
		catch (NoSuchMethodException ex) {
			return false; // The JDK has no virtual threads.
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
