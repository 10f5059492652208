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

import java.lang.reflect.Field;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * Reads the arguments in a {@link SimpleKey}, which has no getter for them. Its
 * {@code toString()} differs between versions of Spring.
 */
final class SimpleKeys {

	private static final Field ELEMENTS = field();

	private SimpleKeys() {
	}

	/**
	 * Return the arguments in a key.
	 * @param key the key
	 * @return the arguments; callers must not modify the array
	 */
	static @Nullable Object[] elements(SimpleKey key) {
		Object elements = ReflectionUtils.getField(ELEMENTS, key);
		return (elements != null) ? (@Nullable Object[]) elements : new Object[0];
	}

	private static Field field() {
		Field field = ReflectionUtils.findField(SimpleKey.class, "params");
		if (field == null) {
			throw new IllegalStateException("This version of Spring Framework keeps the elements of a SimpleKey"
					+ " in a place that psqache does not know");
		}
		ReflectionUtils.makeAccessible(field);
		return field;
	}

}
