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

package io.psqache.benchmarks.consistency;

import java.util.ArrayList;
import java.util.List;

import io.psqache.benchmarks.support.PostgresServer;
import io.psqache.benchmarks.support.RedisServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The load provokes stale reads, and the judge sees them in the caches that have them,
 * and in no others.
 */
class ConsistencyIntegrationTests {

	@Test
	void staleReadsAreFoundInTheCacheThatHasThem() throws Exception {
		List<Outcome> outcomes = new ArrayList<>();
		try (PostgresServer postgres = PostgresServer.start(); RedisServer redis = RedisServer.start()) {
			for (CacheSetup setup : List.of(CacheSetup.NO_CACHE, CacheSetup.PSQACHE, CacheSetup.REDIS)) {
				outcomes.add(new Trial(Load.EVERYTHING, setup).run(postgres, redis, 960, 1));
			}
		}
		assertThat(outcomes).allMatch((outcome) -> outcome.reads() > 700 && outcome.reads() == outcomes.get(0).reads());
		assertThat(outcomes.subList(0, 2)).allSatisfy((outcome) -> {
			assertThat(outcome.stale()).as(outcome.toString()).isZero();
			assertThat(outcome.rolledBack()).as(outcome.toString()).isZero();
			assertThat(outcome.ownUnseen()).as(outcome.toString()).isZero();
			assertThat(outcome.wrongAtRest()).as(outcome.toString()).isZero();
		});
		assertThat(outcomes.get(0).hits()).isZero();
		assertThat(outcomes.get(1).hits()).isGreaterThan(0.5);
		assertThat(outcomes.get(2).hits()).isGreaterThan(0.5);
		assertThat(outcomes.get(2).stale()).isPositive();
		assertThat(outcomes.get(2).longestMillis()).isPositive();
		assertThat(outcomes.get(2).wrongAtRest()).isPositive();
	}

	@Test
	void unknownCacheAndOperationsThatCannotBeSharedAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Consistency((line) -> {
		}, "--consistency", "memcached")).withMessageContaining("memcached");
		assertThatIllegalArgumentException().isThrownBy(() -> new Consistency((line) -> {
		}, "--consistency", "--operations", "1000")).withMessageContaining("160");
	}

}
