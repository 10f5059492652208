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

package io.psqache.internal.sweep;

import java.sql.SQLException;
import java.util.List;

import io.psqache.TestCaches;
import io.psqache.internal.store.PlanFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the plans of the sweeper: a step must never read the whole table. Prepared
 * statements of the driver have a custom plan first and may have the generic plan later.
 */
class SweepPlanIntegrationTests extends PlanFixture {

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void countReadsOnlyItsPages(String mode) throws SQLException {
		assertThat(plan(mode, TestCaches.SCHEMA.in(SweepSql.COUNT), List.of("varchar", "varchar", "varchar", "varchar"),
				"null, now()::text, '(0,0)', '(1000,0)'"))
			.contains("Tid Range Scan on cache_entry e")
			.doesNotContain("Seq Scan on cache_entry");
	}

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void removalOfDeadEntriesReadsOnlyItsPages(String mode) throws SQLException {
		assertThat(plan(mode, TestCaches.SCHEMA.in(SweepSql.REMOVE_DEAD),
				List.of("varchar", "varchar", "varchar", "int"), "'(0,0)', '(1000,0)', '1:1:', 5000"))
			.contains("Tid Range Scan on cache_entry e", "Tid Scan on cache_entry")
			.doesNotContain("Seq Scan on cache_entry");
	}

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void removalOfTombstonesReadsOnlyItsPages(String mode) throws SQLException {
		assertThat(plan(mode, TestCaches.SCHEMA.in(SweepSql.REMOVE_TOMBSTONES),
				List.of("varchar", "varchar", "varchar", "int"), "'(0,0)', '(1000,0)', '1:1:', 5000"))
			.contains("Tid Range Scan on cache_entry", "Tid Scan on cache_entry")
			.doesNotContain("Seq Scan on cache_entry");
	}

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void evictionReadsOnlyItsPages(String mode) throws SQLException {
		assertThat(plan(mode, TestCaches.SCHEMA.in(SweepSql.REMOVE_UNUSED),
				List.of("int[]", "int[]", "bigint[]", "bigint[]", "bigint[]", "varchar", "varchar", "bigint", "varchar",
						"varchar", "int"),
				"'{1}', '{1}', '{1000}', '{500}', '{512}', now()::text, now()::text, 0, '(0,0)', '(1000,0)', 5000"))
			.contains("Tid Range Scan on cache_entry e", "Tid Scan on cache_entry")
			.doesNotContain("Seq Scan on cache_entry");
	}

}
