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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.zaxxer.hikari.HikariDataSource;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.TestCaches;
import io.psqache.test.TestStores;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryStore;
import io.psqache.internal.store.StoredValue;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A store with two workers for reads and two for writes, and methods that keep them busy.
 */
abstract class WorkersFixture {

	final TestDatabase database = TestDatabase.create();

	final HikariDataSource pool = TestCaches.pool(this.database.url(), this.database);

	final EntryStore store = TestStores.open(this.pool, 4, Duration.ofSeconds(30));

	final CacheHandle books = TestStores.cache(this.store, "test", "books");

	final CacheHandle users = TestStores.cache(this.store, "test", "users");

	@BeforeEach
	void migrate() {
		TestCaches.migrate(this.database);
		put(this.books, "known", 0).join();
		put(this.users, "known", 1).join();
	}

	@AfterEach
	void close() {
		this.store.close();
		this.pool.close();
		this.database.close();
	}

	private static @Nullable String json(@Nullable StoredValue value) {
		return (value != null) ? new String(Objects.requireNonNull(value.payload()), StandardCharsets.UTF_8) : null;
	}

	/**
	 * Run while all four workers are busy. A lock on the table blocks their statements.
	 */
	void whileWorkersAreBusy(Runnable operations) {
		List<CompletableFuture<?>> first;
		try (TestDatabase.Lock lock = this.database.lock("psqache.cache_entry")) {
			first = busyWorkers();
			operations.run();
		}
		first.forEach(CompletableFuture::join);
	}

	List<CompletableFuture<?>> busyWorkers() {
		List<CompletableFuture<?>> first = new ArrayList<>();
		Concurrently.awaitThat(() -> { // one worker may take all
			String key = "busy" + first.size();
			first.add(get(this.users, key));
			first.add(evict(this.users, key));
			return this.database.locksWaitedFor() == 4;
		});
		return first;
	}

	/**
	 * Assert that all four workers are busy at the same time and then return their
	 * connections.
	 */
	void assertThatNoWorkerIsLost() {
		whileWorkersAreBusy(() -> {
		});
		Concurrently.awaitThat(() -> this.pool.getHikariPoolMXBean().getActiveConnections() == 0);
		assertThat(this.pool.getHikariPoolMXBean().getTotalConnections()).isLessThanOrEqualTo(4);
	}

	static @Nullable Object answer(Future<List<@Nullable Object>> caller) {
		try {
			return caller.get(30, TimeUnit.SECONDS).get(0);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new AssertionError(ex);
		}
	}

	static FailureCause failureOf(Supplier<?> operation) {
		try {
			Object answer = operation.get();
			throw new AssertionError("No failure but an answer: " + answer);
		}
		catch (StoreException ex) {
			return ex.failureCause();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof StoreException cause) {
				return cause.failureCause();
			}
			throw ex;
		}
	}

	CompletableFuture<Boolean> put(CacheHandle cache, String key, int value) {
		return this.store.put(cache, key, TestStores.entry(StoredValue.json("" + value, "java.lang.Integer")))
			.in(CallMode.ASYNC);
	}

	CompletableFuture<Boolean> evict(CacheHandle cache, String key) {
		return this.store.evict(cache, key).in(CallMode.ASYNC);
	}

	CompletableFuture<@Nullable String> get(CacheHandle cache, String key) {
		return this.store.get(cache, key, null).in(CallMode.ASYNC).thenApply((answer) -> json(answer.present()));
	}

}
