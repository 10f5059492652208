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

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.psqache.Storage;
import io.psqache.internal.store.StoredValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every kind of value is restored equal and of the same class.
 * {@code ValuesIntegrationTests} tests the effects of JSONB.
 */
class RoundTripTests {

	private final ValueCodecs codecs = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null);

	@ParameterizedTest(name = "{0}")
	@MethodSource("kinds")
	void valueIsRestored(String name, Object value) {
		for (Storage storage : Storage.values()) {
			ValueCodec codec = this.codecs.codec("test", storage, null);
			Object back = Objects.requireNonNull(codec.decode(codec.encode(value)));
			assertThat(back).isEqualTo(value);
			assertThat(back.getClass()).isEqualTo(value.getClass());
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("kinds")
	void valueOfDeclaredClassIsRestored(String name, Object value) {
		for (Storage storage : Storage.values()) {
			ValueCodec codec = this.codecs.codec("test", storage, declared(value));
			Object back = Objects.requireNonNull(codec.decode(codec.encode(value)));
			assertThat(back).isEqualTo(value);
			assertThat(back.getClass()).isEqualTo(value.getClass());
		}
	}

	private static Class<?> declared(Object value) {
		return (value instanceof EnumSet) ? EnumSet.class : CollectionTypes.typeOf(value);
	}

	static Stream<Arguments> kinds() {
		return Kinds.all().entrySet().stream().map((kind) -> Arguments.of(kind.getKey(), kind.getValue()));
	}

	@Test
	void nullIsRestored() {
		ValueCodec codec = this.codecs.codec("test", Storage.JSONB, String.class);
		StoredValue stored = codec.encode(null);
		assertThat(stored.isNull()).isTrue();
		assertThat(codec.decode(stored)).isNull();
	}

}
