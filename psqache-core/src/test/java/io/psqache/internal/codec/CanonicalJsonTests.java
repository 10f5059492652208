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

package io.psqache.internal.codec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CanonicalJsonTests {

	@ParameterizedTest
	@ValueSource(strings = { "1", "-1.50E+3", "null", "\"\"", "\"a\\\"}\"", "\"NaN\"", "[]", "{}", "[1,[],{}]",
			"{\"a\":1,\"b\":[{\"c\":2}]}", "\"\\\\\"" })
	void canonicalJsonIsUnchanged(String json) {
		assertThat(CanonicalJson.of(json)).isEqualTo(json);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ' ', quoteCharacter = '\'',
			value = { "{\"b\":1,\"a\":2} {\"a\":2,\"b\":1}",
					"[{\"b\":{\"d\":1,\"c\":2},\"a\":[]}] [{\"a\":[],\"b\":{\"c\":2,\"d\":1}}]",
					"{\"a!\":1,\"a\":2} {\"a\":2,\"a!\":1}", "{\"}\":1,\"\\\"\":2} {\"\\\"\":2,\"}\":1}" })
	void propertiesAreSorted(String json, String sorted) {
		assertThat(CanonicalJson.of(json)).isEqualTo(sorted);
	}

	@ParameterizedTest
	@ValueSource(strings = { "NaN", "[-Infinity]", "{\"a\":Infinity}", "{\"a\":1,\"a\":2}", "", "[", "{\"a\"}",
			"{\"a\":}", "[1]]", "\"a", "[,]", "{a:1}" })
	void malformedTextIsRefused(String json) {
		assertThatExceptionOfType(UnstableKeyException.class).isThrownBy(() -> CanonicalJson.of(json));
	}

	@Test
	void deepNestingIsPreserved() {
		String deep = "[".repeat(400) + "]".repeat(400);
		assertThat(CanonicalJson.of(deep)).isEqualTo(deep);
	}

}
