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
 * Where a value that came back is not what was put. Its texts show classes, never
 * content.
 *
 * @param path where it is in the value, keys of maps included
 * @param field the field that it is in, {@code null} if it is in none
 * @param before what was put
 * @param after what came back
 * @param note what the classes do not tell, may be empty
 */
record ValueDifference(String path, @Nullable Field field, @Nullable Object before, @Nullable Object after,
		String note) {

	/**
	 * Whether callers may fail for it even if the whole is equal by its own account: a
	 * part is gone, is of another class, or finds less.
	 */
	boolean isGrave() {
		return isLoss() || isOfAnotherClass() || isOfLookups();
	}

	private boolean isOfLookups() {
		return note().equals(Lookups.NOTE);
	}

	private boolean isLoss() {
		return before() != null && (after() == null || (isNothing(after()) && !isNothing(before())));
	}

	private boolean isOfAnotherClass() {
		return before() != null && after() != null
				&& !CollectionTypes.canReplace(CollectionTypes.typeOf(before()), CollectionTypes.typeOf(after()));
	}

	private static boolean isNothing(Object value) {
		return value.equals(false) || value.equals('\u0000') || value.equals("")
				|| (value instanceof Number number && number.doubleValue() == 0)
				|| (value instanceof Collection<?> collection && collection.isEmpty())
				|| (value instanceof Map<?, ?> map && map.isEmpty())
				|| (value instanceof Optional<?> optional && optional.isEmpty())
				|| (value.getClass().isArray() && Array.getLength(value) == 0);
	}

	/**
	 * For developers: where it is in the value.
	 */
	String inValue() {
		return path() + " was " + described(before()) + " and is read back as " + described(after()) + note();
	}

	/**
	 * For the log: which class it is the matter of, without the keys of maps.
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
		if (isOfLookups()) {
			return "Return the collection behind the view, or its content in a LinkedHashMap, a "
					+ "LinkedHashSet or an ArrayList.";
		}
		if (in != null && Modifier.isTransient(in.getModifiers())) {
			return "The field is transient, but equals() compares it. Remove it from equals() and "
					+ "hashCode(), or make it non-transient.";
		}
		if (isOfAnotherClass()) {
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
