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

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Compares the lookups of two containers. A map that ignores case, such as a JDBC row, or
 * the scale of numbers, such as a {@code TreeMap}, finds more keys than it contains. The
 * class of a view or wrapper of such a map does not show this.
 */
final class Lookups {

	static final String NOTE = " that finds other keys or elements";

	/**
	 * The limit for a collection that is not a set: {@code contains} may compare each
	 * element.
	 */
	private static final int MAX_WITHOUT_INDEX = 100;

	private Lookups() {
	}

	/**
	 * Return whether two containers with equal content find the same keys or elements.
	 */
	static boolean areSame(Object one, Object other) {
		if (one instanceof Map<?, ?> before && other instanceof Map<?, ?> after) {
			return areSame(before.keySet().stream(), before::containsKey, after::containsKey);
		}
		if (one instanceof Collection<?> before && other instanceof Collection<?> after && !(one instanceof List)) {
			int limit = (one instanceof Set) ? Integer.MAX_VALUE : MAX_WITHOUT_INDEX;
			return areSame(before.stream().limit(limit), before::contains, after::contains);
		}
		return true;
	}

	private static boolean areSame(Stream<? extends @Nullable Object> content, Predicate<Object> before,
			Predicate<Object> after) {
		return content.flatMap(Lookups::variants).allMatch((key) -> before.test(key) == after.test(key));
	}

	private static Stream<Object> variants(@Nullable Object key) {
		if (key instanceof String text) {
			return Stream.of(text.toUpperCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
		}
		return (key instanceof BigDecimal number) ? Stream.of(number.setScale(number.scale() + 1)) : Stream.of();
	}

}
