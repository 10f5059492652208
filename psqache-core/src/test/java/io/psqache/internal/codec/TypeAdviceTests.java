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

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.psqache.Storage;
import io.psqache.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.Sort;
import org.springframework.data.domain.Window;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A value that cannot be stored is refused with useful advice, alone and inside another
 * value.
 */
class TypeAdviceTests {

	private final ValueCodec codec = new ValueCodecs(new TrustedTypes(List.of("io.psqache")), null).codec("test",
			Storage.JSONB, null);

	@ParameterizedTest
	@MethodSource("values")
	void unsupportedValueIsRefusedWithAdvice(Object value, String advice) {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(value))
			.withMessageContaining(value.getClass().getName() + " cannot be stored: ")
			.withMessageEndingWith(advice);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.codec.encode(List.of("a", value)))
			.withMessageContaining(value.getClass().getName() + " cannot be stored: ")
			.withMessageEndingWith(advice);
	}

	@SuppressWarnings("deprecation") // Applications still use typed sorts.
	static Stream<Arguments> values() {
		Supplier<String> lambda = () -> "a";
		String record = "Return the required data in a record.";
		return Stream.of(
				Arguments.of(new ByteArrayInputStream(new byte[1]), "Read it, and return a byte[] or a String."),
				Arguments.of(new StringReader("a"), "Read it, and return a byte[] or a String."),
				Arguments.of(new ByteArrayResource(new byte[1]),
						"Return the content as a byte[] (getContentAsByteArray()), or the location as a String."),
				Arguments.of(new ClassPathResource("a.txt"),
						"Return the content as a byte[] (getContentAsByteArray()), or the location as a String."),
				Arguments.of(Stream.of(1), "Return a List."), Arguments.of(List.of(1).iterator(), "Return a List."),
				Arguments.of(CompletableFuture.completedFuture(1), "Return the value."),
				Arguments.of(new File("a"), "Return its name as a String."),
				Arguments.of(projection(NameOnly.class), "declare the projection as a record."),
				Arguments.of(projection(Comparable.class), "declare the projection as a record."),
				Arguments.of(lambda, record), Arguments.of(new BitSet(), record), Arguments.of(new Thread(), record),
				Arguments.of(Sort.sort(Counted.class).by(Counted::getCount),
						"Use the Sort that its ascending() returns."),
				Arguments.of(Window.from(List.of(1), (position) -> ScrollPosition.offset()),
						"Return its content and the next position in a record."));
	}

	@Test
	void unsupportedComponentIsRefusedWithAdvice() {
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> this.codec.encode(new Download("a", new ByteArrayInputStream(new byte[1]))))
			.withMessageEndingWith("Read it, and return a byte[] or a String.");
	}

	@Test
	void copyIsAdvisedForContainersOnly() {
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> this.codec.encode(new LinkedBlockingQueue<>(List.of(1))))
			.withMessageContaining(ValueTypes.COPY);
	}

	private static Object projection(Class<?> type) {
		return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
			return method.getName().equals("toString") ? "projection" : null;
		});
	}

	/**
	 * An interface whose proxy classes are in this package, which is trusted.
	 */
	interface NameOnly {

		String getName();

	}

	static class Counted {

		public int getCount() {
			return 1;
		}

	}

	record Download(String name, InputStream content) {

	}

}
