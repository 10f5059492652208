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

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.psqache.CacheEvictionException;
import io.psqache.CacheOperation;
import io.psqache.test.Concurrently;
import io.psqache.FailureCause;
import io.psqache.PostgresCache;
import io.psqache.TestCaches;
import io.psqache.test.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the cache fails open during an outage of PostgreSQL and resumes afterwards.
 */
public class OutageIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final TestCaches caches = TestCaches.behindRelay(this.database, Duration.ofMillis(300));

	private final PostgresCache cache = this.caches.cache("books");

	@BeforeEach
	void fill() {
		TestCaches.migrate(this.database);
		Concurrently.awaitThat(() -> {
			this.cache.put("key", "cached");
			return this.cache.get("key") != null;
		});
	}

	@AfterEach
	void close() {
		this.caches.close();
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void readIsAMissAndIsCounted(boolean hangs) {
		breakIt(hangs);
		long misses = this.cache.getStatistics().misses();
		assertThat(this.cache.get("key")).isNull();
		assertThat(this.cache.getStatistics().misses()).isEqualTo(misses + 1);
		assertThat(this.cache.getStatistics().failures(CacheOperation.GET)).isPositive();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void retrieveIsAMiss(boolean hangs) throws Exception {
		breakIt(hangs);
		assertThat((Object) this.cache.retrieve("key").get(30, TimeUnit.SECONDS)).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void putIsDroppedAndCounted(boolean hangs) {
		breakIt(hangs);
		long puts = this.cache.getStatistics().puts();
		this.cache.put("other", "value");
		assertThat(this.cache.putIfAbsent("other", "value")).isNull();
		assertThat(this.cache.getStatistics().puts()).isEqualTo(puts);
		assertThat(this.cache.getStatistics().failures(CacheOperation.PUT)).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void loadedValueReachesTheCaller(boolean hangs) throws Exception {
		breakIt(hangs);
		assertThat(this.cache.get("key", () -> "loaded")).isEqualTo("loaded");
		assertThat(this.cache.retrieve("key", () -> java.util.concurrent.CompletableFuture.completedFuture("loaded"))
			.get(30, TimeUnit.SECONDS)).isEqualTo("loaded");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void evictionJoinsTheBacklogAndPrecedesTheNextRead(boolean hangs) {
		PostgresCache cleared = this.caches.cache("cleared");
		this.cache.put("other", "cached");
		cleared.put("key", "cached");
		breakIt(hangs);
		assertThat(this.cache.evictIfPresent("key")).isFalse();
		assertThat(cleared.invalidate()).isFalse();
		assertThat(this.cache.getStatistics().failures(CacheOperation.EVICT)).isEqualTo(1);
		assertThat(cleared.getStatistics().failures(CacheOperation.CLEAR)).isEqualTo(1);
		assertThat(this.caches.manager().getStatus().pendingEvictions()).isEqualTo(2);
		this.database.relay().restore();
		Concurrently.awaitThat(() -> {
			assertThat(this.cache.get("key")).isNull();
			assertThat(cleared.get("key")).isNull();
			return this.cache.get("other") != null;
		});
		Concurrently.awaitThat(() -> this.caches.manager().getStatus().pendingEvictions() == 0);
		assertThat(this.database.query("select string_agg(key, ',') from psqache.cache_entry e join psqache.cache c "
				+ "on c.id = e.cache_id and c.epoch = e.epoch and e.type <> 'evicted'"))
			.isEqualTo("\"other\"");
	}

	/**
	 * The caller is interrupted while it waits for a worker that has two puts of the key.
	 */
	@Test
	void evictionOfAnInterruptedThreadJoinsTheBacklog() throws Exception {
		this.cache.put("key", "cached");
		breakIt(true);
		Future<?> puts = Concurrently.start(2, (number) -> {
			this.cache.put("key", "newer");
			return null;
		});
		Concurrently.awaitThat(() -> this.caches.manager().getStatus().queuedWrites() > 0);
		Thread.currentThread().interrupt();
		this.cache.evict("key");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.cache.getStatistics().failures(CacheOperation.EVICT, FailureCause.INTERRUPTED)).isOne();
		puts.get(30, TimeUnit.SECONDS);
		this.database.relay().restore();
		Concurrently.awaitThat(() -> {
			assertThat(this.cache.get("key")).isNull();
			return this.caches.manager().getStatus().pendingEvictions() == 0;
		});
		assertThat(this.cache.get("key")).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void droppedPutLeavesNoOlderEntry(boolean hangs) {
		this.cache.put("other", "cached");
		breakIt(hangs);
		this.cache.put("key", "newer");
		this.database.relay().restore();
		Concurrently.awaitThat(() -> {
			assertThat(this.cache.get("key", String.class)).isNotEqualTo("cached");
			return this.cache.get("other") != null;
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void loadThatIsNotStoredKeepsTheExistingEntry(boolean hangs) {
		breakIt(hangs);
		assertThat(this.cache.get("key", () -> "loaded")).isEqualTo("loaded");
		this.database.relay().restore();
		Concurrently.awaitThat(() -> this.cache.get("key") != null);
		assertThat(this.cache.get("key", String.class)).isIn("cached", "loaded");
	}

	@Test
	void refusedEvictionThrows() {
		this.database.execute("""
				create function psqache.refuse() returns trigger language plpgsql as
				$$ begin raise 'refused'; end $$;
				create trigger refuse before insert or update or delete on psqache.cache_entry
				for each row execute function psqache.refuse();
				create trigger refuse before update on psqache.cache
				for each row execute function psqache.refuse();
				""");
		assertThatExceptionOfType(CacheEvictionException.class).isThrownBy(() -> this.cache.evict("key"))
			.withMessageContaining("Cache 'books' could not evict an entry")
			.withMessageContaining("Repeat the call")
			.withMessageNotContaining("key\"")
			.satisfies((ex) -> assertThat(ex.failureCause()).isEqualTo(FailureCause.OTHER));
		assertThatExceptionOfType(CacheEvictionException.class).isThrownBy(this.cache::clear)
			.withMessageContaining("Cache 'books' could not be cleared");
		assertThat(this.cache.getStatistics().failures(CacheOperation.EVICT)).isEqualTo(1);
		assertThat(this.cache.getStatistics().failures(CacheOperation.CLEAR)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void cachingResumesWithoutARestart(boolean hangs) {
		breakIt(hangs);
		assertThat(this.cache.get("key")).isNull();
		this.database.relay().restore();
		Concurrently.awaitThat(() -> this.cache.get("key") != null);
		assertThat(this.cache.get("key", String.class)).isEqualTo("cached");
	}

	@Test
	void cachesCanBeCreatedDuringAnOutage() {
		breakIt(false);
		PostgresCache late = this.caches.cache("late");
		assertThat(late.get("key")).isNull();
		this.database.relay().restore();
		Concurrently.awaitThat(() -> {
			late.put("key", "value");
			return late.get("key") != null;
		});
	}

	@Test
	void unreadableRowIsAMissAndTheNextPutReplacesIt() {
		for (@Nullable
		String type : new String[] { "v1 java.lang.ProcessBuilder", "no.such.Type", "v1 java.lang.Long" }) {
			this.database.execute("update psqache.cache_entry set type = '" + type + "', value = '{\"a\": [1]}'");
			assertThat(this.cache.get("key")).isNull();
		}
		assertThat(this.cache.getStatistics().failures(CacheOperation.GET, FailureCause.UNREADABLE)).isEqualTo(3);
		this.cache.put("key", "repaired");
		assertThat(this.cache.get("key", String.class)).isEqualTo("repaired");
	}

	private void breakIt(boolean hangs) {
		if (hangs) {
			this.database.relay().stall();
		}
		else {
			this.database.relay().cut();
		}
	}

}
