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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task in many threads that start at the same moment.
 */
public final class Concurrently {

	private Concurrently() {
	}

	/**
	 * A task that receives the number of its thread.
	 */
	public interface Task {

		@Nullable Object run(int number) throws Exception;

	}

	public static List<@Nullable Object> run(int threads, Task task) throws Exception {
		return start(threads, task).get(60, TimeUnit.SECONDS);
	}

	/**
	 * Start the task on threads of the same kind as the caller's.
	 */
	public static Future<List<@Nullable Object>> start(int threads, Task task) {
		return start(CallerThreads.ofCurrent(), threads, task);
	}

	public static Future<List<@Nullable Object>> start(CallerThreads kind, int threads, Task task) {
		ExecutorService executor = kind.executor();
		CyclicBarrier start = new CyclicBarrier(threads);
		List<Future<@Nullable Object>> results = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			int number = i;
			results.add(executor.submit((Callable<@Nullable Object>) () -> {
				start.await();
				return task.run(number);
			}));
		}
		Future<List<@Nullable Object>> all = executor
			.submit(() -> results.stream().<@Nullable Object>map(Concurrently::get).toList());
		executor.shutdown();
		return all;
	}

	public static void awaitThat(Callable<Boolean> condition) {
		Awaitility.await().pollInterval(Duration.ofMillis(2)).atMost(Duration.ofSeconds(30)).until(condition);
	}

	private static @Nullable Object get(Future<? extends @Nullable Object> future) {
		try {
			return future.get();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
