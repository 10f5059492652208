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

package io.psqache;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The {@code with} methods and valid ranges of the settings.
 */
class CacheSettingsTests {

	private static final CacheSettings DEFAULTS = CacheSettings.defaults();

	/**
	 * Settings that all differ from the defaults.
	 */
	private static final CacheSettings OTHERS = DEFAULTS.withTimeToLive(Duration.ofHours(1))
		.withTimeToIdle(Duration.ofMinutes(1))
		.withJitter(0.25)
		.withCacheNullValues(false)
		.withStorage(Storage.BINARY)
		.withMaxEntries(10L)
		.withMaxSize(DataSize.ofMegabytes(1))
		.withType(String.class)
		.withNear(NearSettings.defaults().withEnabled(true))
		.withLoading(LoadSettings.defaults().withFreshFor(Duration.ofMinutes(1)));

	@ParameterizedTest
	@MethodSource("names")
	void changeOfOneSettingKeepsAllOthers(String name) throws ReflectiveOperationException {
		CacheSettings changed = with(DEFAULTS, name, OTHERS);
		CacheSettings changedBack = with(OTHERS, name, DEFAULTS);
		for (String each : names().toList()) {
			boolean isChanged = each.equals(name);
			assertThat(get(changed, each)).as(each).isEqualTo(get(isChanged ? OTHERS : DEFAULTS, each));
			assertThat(get(changedBack, each)).as(each).isEqualTo(get(isChanged ? DEFAULTS : OTHERS, each));
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE })
	void boundOfZeroEntriesIsRefused(long maxEntries) {
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withMaxEntries(maxEntries))
			.withMessage("maxEntries " + maxEntries + " must be at least 1, or null for any number of entries");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE })
	void boundOfZeroBytesIsRefused(long bytes) {
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withMaxSize(DataSize.ofBytes(bytes)))
			.withMessage("maxSize " + bytes + "B must be at least 1 byte, or null for any size");
	}

	@Test
	void smallestBoundsAreAccepted() {
		CacheSettings settings = DEFAULTS.withMaxEntries(1L).withMaxSize(DataSize.ofBytes(1));
		assertThat(settings.maxEntries()).isEqualTo(1);
		assertThat(settings.maxSize()).isEqualTo(DataSize.ofBytes(1));
	}

	static Stream<String> names() {
		return Stream.of(CacheSettings.class.getMethods())
			.map(Method::getName)
			.filter((name) -> name.startsWith("with"))
			.map((name) -> StringUtils.uncapitalize(name.substring("with".length())));
	}

	private static @Nullable Object get(CacheSettings settings, String name) throws ReflectiveOperationException {
		return CacheSettings.class.getMethod(name).invoke(settings);
	}

	private static CacheSettings with(CacheSettings settings, String name, CacheSettings source)
			throws ReflectiveOperationException {
		Class<?> type = CacheSettings.class.getMethod(name).getReturnType();
		Method with = CacheSettings.class.getMethod("with" + StringUtils.capitalize(name), type);
		return (CacheSettings) Objects.requireNonNull(with.invoke(settings, get(source, name)));
	}

}
