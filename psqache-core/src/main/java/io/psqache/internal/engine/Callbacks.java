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

package io.psqache.internal.engine;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Creates the threads that run the application's callbacks, so that callbacks do not
 * delay a worker. The common pool is not used for two reasons. It may have a single
 * thread, so blocking code on it would delay every answer. Its threads do not see the
 * application's classes in an executable jar.
 */
final class Callbacks {

	private static final int MIN_THREADS = 4;

	private Callbacks() {
	}

	/**
	 * Create a pool. The pool is never shut down, because answers may arrive after the
	 * store is closed. Its idle threads end automatically.
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
