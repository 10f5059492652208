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

package io.psqache.internal.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.CorePublisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the cached type for methods with all kinds of return types.
 */
class CachedResultTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			plain           | java.lang.String
			number          | java.lang.Integer
			array           | java.lang.String[]
			bytes           | byte[]
			list            | java.util.List<java.lang.String>
			rawList         | java.util.List
			anyList         | java.util.List
			mapOfLists      | java.util.Map<java.lang.String, java.util.List<java.lang.Long>>
			maybe           | java.lang.String
			maybeList       | java.util.List<java.lang.String>
			future          | java.lang.String
			stage           | java.lang.String
			mono            | java.util.List<java.lang.String>
			flux            | java.util.List<java.lang.String>
			fluxOfAnything  | java.util.List
			publisher       | java.util.List<java.lang.String>
			futureOfMaybe   | java.util.Optional<java.lang.String>
			upper           | java.util.List<java.lang.Number>
			halfKnown       | java.util.Map<java.lang.String, java.lang.Object>
			variable        | java.lang.String
			ofVariables     | java.util.Map<java.lang.String, java.lang.String[]>
			arrayOfLists    | java.util.List<java.lang.String>[]
			bound           | java.lang.Number
			ownBound        | java.lang.Comparable
			object          | java.lang.Object
			unbound         | java.lang.Object
			anything        | java.lang.Object
			rawFuture       | java.lang.Object
			""")
	void typeIsThatOfTheCachedValue(String method, String type) {
		assertThat(cached(method)).extracting(Type::getTypeName).isEqualTo(type);
	}

	@ParameterizedTest
	@CsvSource({ "nothing", "noValue", "futureOfNothing", "monoOfNothing" })
	void nothingIsCached(String method) {
		assertThat(cached(method)).isNull();
	}

	@Test
	void variableOfUnknownBeanMayBeAnything() throws NoSuchMethodException {
		assertThat(CachedResult.of(Generic.class.getMethod("variable"), Generic.class)).isEqualTo(Object.class);
	}

	private static @Nullable Type cached(String name) {
		Method method = Arrays.stream(Shapes.class.getMethods())
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		return CachedResult.of(method, Shapes.class);
	}

	interface Generic<T> {

		T variable();

		Map<T, T[]> ofVariables();

	}

	@SuppressWarnings({ "rawtypes", "TypeParameterUnusedInFormals" })
	interface Shapes extends Generic<String> {

		String plain();

		int number();

		String[] array();

		byte[] bytes();

		List<String> list();

		List rawList();

		List<?> anyList();

		Map<String, List<Long>> mapOfLists();

		Optional<String> maybe();

		Optional<List<String>> maybeList();

		CompletableFuture<String> future();

		CompletionStage<String> stage();

		Mono<List<String>> mono();

		Flux<String> flux();

		Flux<?> fluxOfAnything();

		CorePublisher<String> publisher();

		CompletableFuture<Optional<String>> futureOfMaybe();

		List<? extends Number> upper();

		Map<String, ?> halfKnown();

		List<String>[] arrayOfLists();

		<N extends Number> N bound();

		<C extends Comparable<C>> C ownBound();

		Object object();

		<X> X unbound();

		CompletableFuture<?> anything();

		CompletableFuture rawFuture();

		void nothing();

		Void noValue();

		CompletableFuture<Void> futureOfNothing();

		Mono<Void> monoOfNothing();

	}

}
