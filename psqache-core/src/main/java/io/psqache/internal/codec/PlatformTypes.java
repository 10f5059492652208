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

import java.net.URL;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.StringJoiner;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Compares JDK objects that are not containers. Many of their classes define no
 * {@code equals}.
 */
final class PlatformTypes {

	/**
	 * Types without state that a value could lose.
	 */
	private static final List<Class<?>> STATELESS = List.of(RandomGenerator.class, ThreadLocal.class, Executor.class);

	private static final String LOCKS = "java.util.concurrent.locks";

	/**
	 * Types whose {@code toString()} contains their complete state.
	 */
	private static final List<Class<?>> TEXTS = List.of(Number.class, CharSequence.class, AtomicBoolean.class,
			AtomicIntegerArray.class, AtomicLongArray.class, IntSummaryStatistics.class, LongSummaryStatistics.class,
			DoubleSummaryStatistics.class, StringJoiner.class);

	private PlatformTypes() {
	}

	static boolean contains(Class<?> type) {
		String module = type.getModule().getName();
		return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
	}

	/**
	 * Return whether two objects have the same state; {@code false} if they cannot be
	 * compared.
	 */
	static boolean hasSameState(Object one, Object other) {
		if (isStateless(one)) {
			return true;
		}
		Object state = state(one);
		return (state != null) ? state.equals(state(other)) : one.equals(other);
	}

	private static boolean isStateless(Object object) {
		return object.getClass() == Object.class || object.getClass().getPackageName().equals(LOCKS)
				|| isOneOf(STATELESS, object);
	}

	/**
	 * Return the state of an object to compare, or {@code null} to compare by
	 * {@code equals}.
	 */
	private static @Nullable Object state(Object object) {
		if (object instanceof URL url) {
			return url.toExternalForm(); // URL.equals looks up the host.
		}
		if (KeyTypes.definesEquals(object.getClass())) {
			return null;
		}
		if (object instanceof Pattern pattern) {
			return List.of(pattern.pattern(), pattern.flags());
		}
		if (object instanceof DateTimeFormatter format) {
			return Arrays.asList(format.toString(), format.getLocale(), format.getZone(), format.getChronology(),
					format.getDecimalStyle(), format.getResolverStyle(), format.getResolverFields());
		}
		return isOneOf(TEXTS, object) ? object.toString() : null;
	}

	private static boolean isOneOf(List<Class<?>> types, Object object) {
		return types.stream().anyMatch((type) -> type.isInstance(object));
	}

	/**
	 * Return the note that a message adds for an object that differs from another.
	 */
	static String note(Object object) {
		return (KeyTypes.definesEquals(object.getClass()) || state(object) != null) ? ""
				: " that cannot be compared, since its class defines no equals()";
	}

}
