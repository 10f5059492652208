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

package io.psqache.benchmarks.contender;

import java.util.concurrent.atomic.AtomicLong;

import io.psqache.benchmarks.support.Crew;
import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class ContendersIntegrationTests {

	private static final int KEYS = 64;

	private static PostgresServer postgres;

	private static RedisServer redis;

	private final Dataset dataset = new Dataset(16 * 1024, KEYS, 1);

	@BeforeAll
	static void start() throws Exception {
		postgres = PostgresServer.start();
		redis = RedisServer.start();
	}

	@AfterAll
	static void stop() {
		redis.close();
		postgres.close();
	}

	@ParameterizedTest
	@EnumSource
	void lastPutOfAKeyIsReturned(ContenderKind kind) throws Exception {
		try (Arena arena = Arena.on(postgres, redis); Contender contender = kind.open(arena)) {
			contender.put(this.dataset.key(3), this.dataset.value(3, 0));
			contender.put(this.dataset.key(4), this.dataset.value(4, 0));
			contender.put(this.dataset.key(3), this.dataset.value(3, 1));
			assertThat(contender.get(this.dataset.key(3))).isEqualTo(this.dataset.value(3, 1));
			assertThat(contender.get(this.dataset.key(4))).isEqualTo(this.dataset.value(4, 0));
			assertThat(contender.get("absent")).isNull();
			assertThat(contender.silentFailures()).isZero();
			assertThat(contender.server().pid()).isNotNull();
		}
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, architectures = { "amd64", "x86_64" })
	void unixSocketsReplaceLoopback() throws Exception {
		try (PostgresServer postgres = PostgresServer.start(true); RedisServer redis = RedisServer.start(true)) {
			for (ContenderKind kind : ContenderKind.values()) {
				try (Arena arena = Arena.on(postgres, redis); Contender contender = kind.open(arena)) {
					contender.put("key", this.dataset.value(0, 0));
					assertThat(contender.get("key")).as("%s", kind).isEqualTo(this.dataset.value(0, 0));
					assertThat(arena.database()
						.number("select count(*) from pg_stat_activity where client_addr is not null")).isZero();
				}
			}
		}
	}

	/**
	 * Few keys and many threads, so that batches contain the same key more than once.
	 */
	@ParameterizedTest
	@EnumSource(names = { "FLOOR", "FLOOR_BINARY" })
	void floorAnswersEachCallerOfABatchWithItsOwnKey(ContenderKind kind) throws Exception {
		AtomicLong wrong = new AtomicLong();
		try (Arena arena = Arena.on(postgres, redis); Contender contender = kind.open(arena); Crew crew = new Crew()) {
			for (int key = 0; key < KEYS; key++) {
				contender.put(this.dataset.key(key), this.dataset.value(key, 0));
			}
			crew.forEach(32, 0, 20_000, (number) -> {
				int key = (int) (number * 31 % KEYS);
				if (number % 5 == 0) {
					contender.put(this.dataset.key(key), this.dataset.value(key, number));
				}
				else if (!this.dataset.holds(key, contender.get(this.dataset.key(key)))) {
					wrong.incrementAndGet();
				}
			}).join();
			assertThat(crew.calls()).isEqualTo(20_000);
			assertThat(arena.database().number("select count(*) from floor_entry")).isEqualTo(KEYS);
		}
		assertThat(wrong).hasValue(0);
	}

	@ParameterizedTest
	@EnumSource(names = { "FLOOR", "FLOOR_BINARY" })
	void floorReturnsNeitherExpiredNorClearedNorCollidingEntries(ContenderKind kind) throws Exception {
		try (Arena arena = Arena.on(postgres, redis); Contender contender = kind.open(arena)) {
			for (String change : new String[] { "update floor_entry set expires_at = now()",
					"update floor_cache set epoch = epoch + 1", "update floor_entry set key = 'another'" }) {
				contender.put("key", this.dataset.value(0, 0));
				assertThat(contender.get("key")).isEqualTo(this.dataset.value(0, 0));
				arena.database().execute(change);
				assertThat(contender.get("key")).as(change).isNull();
			}
		}
	}

}
