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

package io.psqache;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.psqache.test.Concurrently;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The threads on which code of the application runs. It must not run on a worker, which
 * could wait for itself, and asynchronous callers must not block.
 */
class UserCodeIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final TestCaches caches = TestCaches.on(this.database, (defaults) -> defaults);

	private final PostgresCache cache = this.caches.cache("books");

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
		this.cache.put("key", new ThreadRecorder("value"));
		ThreadRecorder.threads.clear();
	}

	@AfterEach
	void close() {
		this.caches.close();
		this.database.close();
	}

	/**
	 * More calls wait than there are workers, so threads of the store must complete some
	 * of them.
	 */
	@Test
	void applicationCodeDoesNotRunOnWorkers() throws Exception {
		List<CompletableFuture<?>> retrievals = new ArrayList<>();
		Set<String> threads = ThreadRecorder.threads;
		Future<List<@Nullable Object>> callers;
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			callers = Concurrently.start(24, (number) -> switch (number % 3) {
				case 0 -> this.cache.get("key", ThreadRecorder.class);
				case 1 -> this.cache.get("absent" + number, () -> new ThreadRecorder("loaded"));
				default -> {
					this.cache.put("put" + number, new ThreadRecorder("put"));
					yield null;
				}
			});
			for (int i = 0; i < 24; i++) {
				retrievals.add(this.cache.retrieve("key").thenAccept((hit) -> ThreadRecorder.record()));
				retrievals.add(this.cache.retrieve("absent too " + i, () -> {
					ThreadRecorder.record();
					return CompletableFuture.completedFuture(new ThreadRecorder("loaded"));
				}).thenAccept((value) -> ThreadRecorder.record()));
			}
			// One lock is waited for by reads, and one by writes.
			Concurrently.awaitThat(() -> this.database.locksWaitedFor() >= 2);
		}
		callers.get(30, TimeUnit.SECONDS);
		assertThat(retrievals).allSatisfy((retrieval) -> assertThat(retrieval).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(threads).isNotEmpty().noneMatch((thread) -> thread.matches("psqache-(reader|writer).*"));
	}

	/**
	 * There are more calls than workers. If a continuation occupied a worker or its
	 * connection, none would be left for its own call.
	 */
	@Test
	void continuationMayCallTheCache() {
		List<CompletableFuture<@Nullable Object>> answers = new ArrayList<>();
		for (int i = 0; i < 16; i++) {
			String key = "inner" + i;
			answers.add(this.cache.retrieve("key").thenApply((hit) -> {
				assertThat(Thread.currentThread().getName()).doesNotContainPattern("reader|writer");
				return this.cache.get(key, () -> key);
			}));
		}
		for (int i = 0; i < 16; i++) {
			assertThat(answers.get(i)).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo("inner" + i);
		}
	}

	@Test
	void retrieveDoesNotBlock() {
		List<CompletableFuture<?>> retrievals = new ArrayList<>();
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			for (int i = 0; i < 1_000; i++) {
				retrievals.add(this.cache.retrieve("key"));
				retrievals.add(this.cache.retrieve("absent" + i, () -> CompletableFuture.completedFuture("loaded")));
			}
			assertThat(retrievals).noneMatch(CompletableFuture::isDone);
		}
		assertThat(retrievals).allSatisfy((retrieval) -> assertThat(retrieval).succeedsWithin(30, TimeUnit.SECONDS));
		assertThat(this.cache.getStatistics().failures(CacheOperation.GET)).isZero();
	}

	@Test
	void putOnNonBlockingThreadDoesNotBlock() {
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			CompletableFuture<Void> returned = new CompletableFuture<>();
			Schedulers.parallel().schedule(() -> {
				this.cache.put("sent", new ThreadRecorder("sent"));
				returned.complete(null);
			});
			assertThat(returned).succeedsWithin(30, TimeUnit.SECONDS);
			assertThat(this.cache.getStatistics().puts()).isEqualTo(1);
			assertThat(this.cache.getStatistics().failures(CacheOperation.PUT)).isZero();
		}
		Concurrently.awaitThat(() -> this.cache.get("sent") != null);
	}

	/**
	 * A value that records the threads that create, write and read it.
	 */
	static final class ThreadRecorder {

		static final Set<String> threads = ConcurrentHashMap.newKeySet();

		private String text = "";

		ThreadRecorder() {
			record();
		}

		ThreadRecorder(String text) {
			this.text = text;
			record();
		}

		static void record() {
			threads.add(Thread.currentThread().getName());
		}

		public String getText() {
			record();
			return this.text;
		}

		public void setText(String text) {
			record();
			this.text = text;
		}

	}

}
