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

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The place where a restored value differs from the value that was put. Messages contain
 * classes, never content.
 *
 * @param path the path in the value, including map keys
 * @param field the field that contains the place, or {@code null} if there is none
 * @param before the original part
 * @param after the restored part
 * @param note the difference if the classes do not show it, may be empty
 */
record ValueDifference(String path, @Nullable Field field, @Nullable Object before, @Nullable Object after,
		String note) {

	/**
	 * Return whether the difference may break callers even if {@code equals} ignores it:
	 * a part is lost, has another class, or finds other keys.
	 */
	boolean isGrave() {
		return isLoss() || isClassDifference() || isLookupDifference();
	}

	private boolean isLookupDifference() {
		return note().equals(Lookups.NOTE);
	}

	private boolean isLoss() {
		return before() != null && (after() == null || (isDefault(after()) && !isDefault(before())));
	}

	private boolean isClassDifference() {
		return before() != null && after() != null
				&& !CollectionTypes.canReplace(CollectionTypes.typeOf(before()), CollectionTypes.typeOf(after()));
	}

	private static boolean isDefault(Object value) {
		return value.equals(false) || value.equals('\u0000') || value.equals("")
				|| (value instanceof Number number && number.doubleValue() == 0)
				|| (value instanceof Collection<?> collection && collection.isEmpty())
				|| (value instanceof Map<?, ?> map && map.isEmpty())
				|| (value instanceof Optional<?> optional && optional.isEmpty())
				|| (value.getClass().isArray() && Array.getLength(value) == 0);
	}

	/**
	 * Return the place in the value, for developers.
	 */
	String inValue() {
		return path() + " was " + described(before()) + " and is read back as " + described(after()) + note();
	}

	/**
	 * Return an exception that names the class that causes the difference, for the log.
	 * The message contains no map keys.
	 */
	UnstorableValueException refusal(Class<?> type) {
		Field in = field();
		Class<?> owner = (in != null) ? in.getDeclaringClass() : type;
		String part = (in != null) ? owner.getName() + "." + in.getName() : described(before()) + " in it";
		return new UnstorableValueException(owner,
				part + " would be read back as " + described(after()) + note() + different(), remedy(in));
	}

	private String different() {
		return (before() == null || isGrave() || !note().isEmpty()) ? "" : " that is not equal";
	}

	private String remedy(@Nullable Field in) {
		if (isLookupDifference()) {
			return "Return the collection behind the view, or its content in a LinkedHashMap, a "
					+ "LinkedHashSet or an ArrayList.";
		}
		if (in != null && Modifier.isTransient(in.getModifiers())) {
			return "The field is transient, but equals() compares it. Remove it from equals() and "
					+ "hashCode(), or make it non-transient.";
		}
		if (isClassDifference()) {
			return "Use a class with a constructor or setters.";
		}
		if (in == null) {
			return "Return a record, or configure Jackson with a PsqacheJsonMapperCustomizer bean.";
		}
		if (isLoss()) {
			return "Add a getter, and a setter or constructor parameter, without annotations such as "
					+ "@JsonIgnore. Declare the field transient if callers do not need it.";
		}
		return "Remove annotations that omit a part of it, such as @JsonFormat or @JsonValue, or "
				+ "configure Jackson with a PsqacheJsonMapperCustomizer bean. Declare the field "
				+ "transient if callers do not need it.";
	}

	private static String described(@Nullable Object value) {
		return (value != null) ? "a " + value.getClass().getTypeName() : "null";
	}

}
