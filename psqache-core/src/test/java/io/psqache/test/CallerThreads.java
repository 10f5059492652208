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
 * Threads for the callers in a test, platform threads or virtual ones. By reflection,
 * since the oldest JDK that psqache runs on has only the former.
 */
public enum CallerThreads {

	/**
	 * Thousands of them fit into memory: their stacks are small.
	 */
	PLATFORM {

		@Override
		public ThreadFactory factory() {
			return (task) -> new Thread(null, task, "caller", STACK_SIZE);
		}

	},

	/**
	 * Where the JDK has them.
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
	 * An executor with a new thread for each task.
	 * @return the executor
	 */
	public ExecutorService executor() {
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), factory());
	}

	/**
	 * The kind of the current thread: a test that runs on a virtual thread has virtual
	 * callers.
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
			return false; // the JDK has none
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
