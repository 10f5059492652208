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

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DeclaredTypeTests {

	@ParameterizedTest
	@ValueSource(strings = { "java.lang.String", "java.util.List", "java.util.List<java.lang.Long>", "int[]",
			"byte[][]", "java.util.Map<java.lang.String, java.util.List<java.lang.Long[]>>",
			"java.util.List<java.lang.Long>[]", "io.psqache.internal.codec.DeclaredTypeTests$User",
			"java.util.List<int[]>" })
	void textIsParsed(String text) {
		assertThat(DeclaredType.parse(text, null).getTypeName()).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					int                                                   | java.lang.Integer
					io.psqache.internal.codec.DeclaredTypeTests.User               | io.psqache.internal.codec.DeclaredTypeTests$User
					' java.util.Map<java.lang.Long,java.util.UUID []>  '  | java.util.Map<java.lang.Long, java.util.UUID[]>
					""")
	void equivalentTextIsParsed(String text, String type) {
		assertThat(DeclaredType.parse(text, null).getTypeName()).isEqualTo(type);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			com.acme.Usr                        | The class 'com.acme.Usr' is not on the class path.
			java.util.List<User>                | The class 'User' is not on the class path.
			""                                  | At character 1 psqache expects the name of a class, but finds the end.
			java.util.List<>                    | At character 16 psqache expects the name of a class, but finds '>'.
			java.util.List<?>                   | At character 16 psqache expects the name of a class, but finds '?'.
			java.util.List<java.lang.Long       | At character 30 psqache expects ',' or '>', but finds the end.
			java.lang.Long[3]                   | At character 16 psqache expects ']', but finds '3'.
			java.lang.Long>                     | At character 15 psqache expects the end, but finds '>'.
			java.util.Map<java.lang.Long>       | java.util.Map has 2 type parameters, not 1.
			java.lang.Long<java.lang.Long>      | java.lang.Long has 0 type parameters, not 1.
			java.util.List<int>                 | 'int' cannot be a type argument: write java.lang.Integer.
			void                                | The type 'void' has no values.
			""")
	void textThatIsNoTypeIsRefused(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> DeclaredType.parse(text, null)).withMessage(reason);
	}

	@Test
	void equivalentTypesAreEqual() {
		Type parsed = DeclaredType.parse("java.util.Map<java.lang.String, java.util.List<java.lang.Long>[]>", null);
		Type reflected = new ParameterizedTypeReference<Map<String, List<Long>[]>>() {
		}.getType();
		assertThat(DeclaredType.of(ResolvableType.forType(reflected))).isEqualTo(parsed).hasSameHashCodeAs(parsed);
	}

	record User(String name) {

	}

}
