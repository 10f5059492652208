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

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.TokenStreamContext;

/**
 * The place of an object in a value, as text for a message: {@code $.shelves[].tags}. The
 * text contains names of properties, but neither indexes nor map keys, because keys are
 * data.
 */
final class JsonPlace {

	static final String ROOT = "$";

	static final String ELEMENT = "[]";

	static final String ENTRY = "{}";

	private JsonPlace() {
	}

	/**
	 * Return the place that the generator writes next.
	 */
	static String of(@Nullable TokenStreamContext context) {
		if (context == null || context.inRoot()) {
			return ROOT;
		}
		String parent = of(context.getParent());
		if (context.inArray()) {
			return parent + ELEMENT;
		}
		String name = context.currentName();
		if (name == null || name.startsWith("@")) { // The name is a tag.
			return parent;
		}
		return (context.currentValue() instanceof Map) ? parent + ENTRY : parent + "." + name;
	}

	/**
	 * Return the object that contains a place, without the collections, maps and arrays
	 * between them.
	 * @return the object, or {@code null} if there is none
	 */
	static @Nullable Object owner(@Nullable TokenStreamContext context) {
		for (TokenStreamContext level = context; level != null && !level.inRoot(); level = level.getParent()) {
			Object value = level.currentValue();
			if (value != null && !(value instanceof Collection) && !(value instanceof Map)
					&& !value.getClass().isArray()) {
				return value;
			}
		}
		return null;
	}

	/**
	 * Return the elements of a collection or array, or the values of a map; empty for
	 * other objects.
	 */
	static Iterable<?> content(Object value) {
		if (value instanceof Collection<?> collection) {
			return collection;
		}
		if (value instanceof Map<?, ?> map) {
			return map.values();
		}
		return (value instanceof Object[] array) ? Arrays.asList(array) : List.of();
	}

}
