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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.psqache.Storage;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.ResolvableType;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Slice;
import org.springframework.data.domain.SliceImpl;
import org.springframework.http.ResponseEntity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values of a declared generic class, whose JSON does not contain the type arguments.
 */
class TypeArgumentsTests {

	private static final UUID ID = new UUID(1, 2);

	@ParameterizedTest(name = "{0}")
	@MethodSource("declared")
	void valueOfDeclaredGenericClassIsRestored(ResolvableType declared, Object value) {
		for (boolean verify : new boolean[] { false, true }) {
			for (Storage storage : Storage.values()) {
				ValueCodec codec = codec(storage, declared.getType(), verify);
				Object restored = Objects.requireNonNull(codec.decode(codec.encode(value)));
				assertThat(restored).hasSameClassAs(value)
					.usingRecursiveComparison()
					.withStrictTypeChecking()
					.isEqualTo(value);
			}
		}
	}

	static Stream<Arguments> declared() {
		byte[] bytes = { 1, 2 };
		ResolvableType longs = type(List.class, Long.class);
		ResolvableType page = type(Page.class, Long.class);
		PageImpl<Long> longPage = new PageImpl<>(List.of(1L, 2L), PageRequest.of(0, 2), 5);
		return Stream.of(Arguments.of(page, longPage),
				Arguments.of(type(Page.class, UUID.class), new PageImpl<>(List.of(ID))),
				Arguments.of(type(Page.class, byte[].class), new PageImpl<>(List.of(bytes))),
				Arguments.of(type(Slice.class, Long.class), new SliceImpl<>(List.of(1L))),
				Arguments.of(type(Slice.class, Long.class), longPage),
				Arguments.of(type(Iterable.class, Long.class), longPage),
				Arguments.of(type(ResponseEntity.class, Long.class), ResponseEntity.ok(1L)),
				Arguments.of(type(ResponseEntity.class, UUID.class), ResponseEntity.ok(ID)),
				Arguments.of(type(ResponseEntity.class, byte[].class), ResponseEntity.ok(bytes)),
				Arguments.of(type(ResponseEntity.class, Number.class), ResponseEntity.ok(1L)),
				Arguments.of(type(ResponseEntity.class, Object.class), ResponseEntity.ok(1L)),
				Arguments.of(ResolvableType.forClassWithGenerics(ResponseEntity.class, longs),
						ResponseEntity.ok(new ArrayList<>(List.of(1L)))),
				Arguments.of(ResolvableType.forClassWithGenerics(ResponseEntity.class, page),
						ResponseEntity.ok(longPage)),
				Arguments.of(ResolvableType.forClassWithGenerics(List.class, page), new ArrayList<>(List.of(longPage))),
				Arguments.of(
						ResolvableType.forClassWithGenerics(Map.class, ResolvableType.forClass(String.class), page),
						Map.of("a", longPage)),
				Arguments.of(ResolvableType.forClassWithGenerics(Optional.class, page), Optional.of(longPage)),
				Arguments.of(type(Flat.class, Long.class), new Flat<>(1L)),
				Arguments.of(type(Flat.class, UUID.class), new Flat<>(ID)),
				Arguments.of(type(Flat.class, byte[].class), new Flat<>(bytes)),
				Arguments.of(ResolvableType.forClassWithGenerics(Flat.class, type(Flat.class, Long.class)),
						new Flat<>(new Flat<>(1L))),
				Arguments.of(type(Flat.class, Long.class), new Deep<>(1L)),
				Arguments.of(type(Deep.class, Long.class), new Deep<>(1L)));
	}

	@Test
	void classOfTypeArgumentIsNotInJson() {
		assertThat(codec(Storage.JSONB, type(Flat.class, Long.class).getType(), false).encode(new Flat<>(1L)))
			.satisfies((stored) -> assertThat(stored.json()).isEqualTo("{\"value\":1}"))
			.satisfies(
					(stored) -> assertThat(stored.type()).isEqualTo("v1 " + Flat.class.getName() + "<java.lang.Long>"));
	}

	/**
	 * The form that instances without the type arguments write.
	 */
	@Test
	void jsonWithClassOfTypeArgumentIsRead() {
		String name = Point.class.getName();
		StoredValue stored = StoredValue.json("{\"value\":{\"@class\":\"" + name + "\",\"x\":1}}",
				"v1,tagged " + Flat.class.getName() + "<" + name + ">");
		Object restored = codec(Storage.JSONB, type(Flat.class, Point.class).getType(), false).decode(stored);
		assertThat(restored).isInstanceOfSatisfying(Flat.class,
				(flat) -> assertThat(flat.getValue()).isEqualTo(new Point(1)));
	}

	private static ValueCodec codec(Storage storage, Type declared, boolean verify) {
		return new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null, List.of(), List.of(), verify)
			.codec("test", storage, declared);
	}

	private static ResolvableType type(Class<?> raw, Class<?> argument) {
		return ResolvableType.forClassWithGenerics(raw, argument);
	}

	record Point(int x) {

	}

	static class Flat<T> {

		private @Nullable T value;

		Flat() {
		}

		Flat(T value) {
			this.value = value;
		}

		public @Nullable T getValue() {
			return this.value;
		}

		public void setValue(T value) {
			this.value = value;
		}

	}

	static class Deep<T> extends Flat<T> {

		Deep() {
		}

		Deep(T value) {
			super(value);
		}

	}

}
