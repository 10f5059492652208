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

package io.psqache.internal.store;

import java.sql.SQLException;
import java.util.List;

import io.psqache.TestCaches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The plans of reads, and of writers that evict: by the primary key.
 */
class PlanIntegrationTests extends PlanFixture {

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void entryIsReadByThePrimaryKey(String mode) throws SQLException {
		assertThat(plan(mode, TestCaches.SCHEMA.in(EntryReads.GET), List.of("int", "bigint", "bigint"), "1, 5, 1"))
			.contains("Index Scan using cache_entry_pkey on cache_entry")
			.doesNotContain("Seq Scan on cache_entry");
	}

	@ParameterizedTest
	@ValueSource(strings = { "force_custom_plan", "force_generic_plan" })
	void entriesAreReadByThePrimaryKey(String mode) throws SQLException {
		assertThat(plan(mode, TestCaches.SCHEMA.in(EntryReads.GET_MANY), List.of("int", "bigint[]", "bigint"),
				"1, '{5, 6, 7}', 1"))
			.contains("Index Scan using cache_entry_pkey on cache_entry")
			.doesNotContain("Seq Scan on cache_entry");
	}

	/**
	 * Else PostgreSQL plans it on each execution.
	 */
	@Test
	void genericPlanOfAReadIsTakenWithoutBeingForced() throws SQLException {
		assertThat(plan("auto", TestCaches.SCHEMA.in(EntryReads.GET_MANY), List.of("int", "bigint[]", "bigint"),
				"1, '{5, 6, 7}', 1", 6))
			.contains("cache_id = $1");
	}

	@Test
	void sampleOfAWriterThatEvictsIsReadByThePrimaryKey() throws SQLException {
		assertThat(plan("force_generic_plan", TestCaches.SCHEMA.in(InlineEviction.EVICT),
				List.of("int", "int", "bigint", "bigint", "bigint", "bigint", "int"), "1, 1, 5, 10, 1000, 2, 1"))
			.contains("Index Scan using cache_entry_pkey on cache_entry", "Tid Scan on cache_entry")
			.doesNotContain("Seq Scan on cache_entry", "Sort Key: cache_entry.key_hash");
	}

}
