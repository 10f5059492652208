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

package io.psqache.internal.near;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class ImmutableTypesTests {

	private final ImmutableTypes types = new ImmutableTypes(Set.of(Named.class));

	@ParameterizedTest
	@MethodSource("immutables")
	void valueThatNobodyCanChangeIsShared(Object value) {
		assertThat(this.types.isImmutable(value)).isTrue();
	}

	static Stream<Object> immutables() {
		return Stream.of("text", 1, 2L, 'c', 1.5, true, BigDecimal.TEN, UUID.randomUUID(), Instant.EPOCH,
				ZonedDateTime.now(ZoneOffset.UTC), DayOfWeek.MONDAY, WithBody.ONE, new Pair("a", 1),
				new Pair("a", new Pair(null, Instant.EPOCH)), new Named());
	}

	@ParameterizedTest
	@MethodSource("mutables")
	void valueThatSomeoneCouldChangeIsNot(Object value) {
		assertThat(this.types.isImmutable(value)).isFalse();
	}

	static Stream<Object> mutables() {
		return Stream.of(new ArrayList<>(), List.of("a"), new int[0], new AtomicInteger(),
				Optional.of(new AtomicInteger()), new Pair("a", new ArrayList<>()),
				new Pair("a", new Pair(new byte[0], 1)), new Object(), new Named() {
				}, new BigDecimal("1") {
				});
	}

	@Test
	void nullIsShared() {
		assertThat(this.types.isImmutable(null)).isTrue();
	}

	@Test
	void recordWhoseAccessorFailsIsNot() {
		assertThat(this.types.isImmutable(new Failing("a"))).isFalse();
	}

	private record Pair(@Nullable Object first, @Nullable Object second) {

	}

	record Failing(String value) {

		@Override
		public String value() {
			throw new IllegalStateException();
		}

	}

	private static class Named {

	}

	private enum WithBody {

		ONE {
		}

	}

}
