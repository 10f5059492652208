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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JsonTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "\u20ac", "\ud83d\ude00", "a\ud83d\ude00b\ud83d\ude00" })
	void completeTextIsAccepted(String text) {
		assertThat(JsonText.isUnicode(text)).isTrue();
		assertThat(JsonText.forJsonb(text)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\ud83d", "\ude00", "\ud83dx", "x\ud83d", "\ude00\ud83d", "\ud83d\ud83d\ude00" })
	void halfSurrogatePairIsRefused(String text) {
		assertThat(JsonText.isUnicode(text)).isFalse();
		assertThat(JsonText.forJsonb(text)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1E+3", "[1,2E+9]", "{\"E\":-0.0}", "-0.0", "[-0.00]", "-0E-10", "1.7E308", "4.9E-324" })
	void numberThatNumericWouldChangeIsRefused(String text) {
		assertThat(JsonText.forJsonb(text)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"1E5\"", "{\"E\":\"-0.0\"}", "[true,false,null,-0.5,-1,-0.05]", "-0.01", "\"\\\\u0000\"",
			"\"\\\"E\"" })
	void stringThatLooksLikeSuchNumberIsAccepted(String text) {
		assertThat(JsonText.forJsonb(text)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\\u0000\"", "{\"a\":\"x\\u0000y\"}" })
	void escapedNulIsRefused(String text) {
		assertThat(JsonText.isUnicode(text)).isTrue();
		assertThat(JsonText.forJsonb(text)).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			1.2345678E7         | 12345678.0
			[1,-1.0E-5,"1E5"]   | [1,-0.000010,"1E5"]
			{"a":1E10,"b":2E-3} | {"a":10000000000.0,"b":0.002}
			0E-10               | 0.0000000000
			""", quoteCharacter = '`')
	void exponentIsExpandedIfValueStaysTheSame(String text, String expanded) {
		assertThat(JsonText.forJsonb(text)).isEqualTo(expanded);
	}

}
