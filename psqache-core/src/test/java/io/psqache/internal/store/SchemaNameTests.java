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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SchemaNameTests {

	@ParameterizedTest
	@ValueSource(strings = { "psqache", "Cache_2", "_c" })
	void identifierIsQuoted(String name) {
		assertThat(new SchemaName(name).in("select * from ${schema}.entry"))
			.isEqualTo("select * from \"" + name + "\".entry");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "2nd", "a-b", "a b", "a\"b", "a;drop", "pg_cache", "public", "information_schema", "ä" })
	void whatIsNoIdentifierIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> new SchemaName(name)).withMessageContaining("'" + name);
	}

	@Test
	void sixtyThreeCharactersAreTheMost() {
		assertThat(SchemaName.isValid("s".repeat(63))).isTrue();
		assertThat(SchemaName.isValid("s".repeat(64))).isFalse();
	}

}
