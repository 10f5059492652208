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
		return path() + " was " + described(before()) + " and came back as " + described(after()) + note();
	}

	/**
	 * For the log: which class it is the matter of, without the keys of maps.
	 */
	UnstorableValueException refusal(Class<?> type) {
		Field in = field();
		Class<?> owner = (in != null) ? in.getDeclaringClass() : type;
		String part = (in != null) ? owner.getName() + "." + in.getName() : described(before()) + " in it";
		return new UnstorableValueException(owner,
				part + " would come back as " + described(after()) + note() + different(), remedy(in));
	}

	private String different() {
		return (before() == null || isGrave() || !note().isEmpty()) ? "" : " that is not the same";
	}

	private String remedy(@Nullable Field in) {
		if (isOfLookups()) {
			return "Return what it is a view of, or a copy of it as a LinkedHashMap, a LinkedHashSet or an ArrayList.";
		}
		if (in != null && Modifier.isTransient(in.getModifiers())) {
			return "It is transient, but equals() covers it. Leave it out of equals() and hashCode(), or store it.";
		}
		if (isOfAnotherClass()) {
			return "Use a class that is made by its constructor or its setters.";
		}
		if (in == null) {
			return "Return a record, or teach Jackson by a PsqacheJsonMapperCustomizer bean.";
		}
		if (isLoss()) {
			return "Give it a getter, and a setter or a parameter of the constructor, without @JsonIgnore and the like."
					+ " Declare it transient if callers do not need it.";
		}
		return "Remove annotations that leave out a part of it, such as @JsonFormat or @JsonValue,"
				+ " or teach Jackson by a PsqacheJsonMapperCustomizer bean. Declare it transient if callers do not"
				+ " need it.";
	}

	private static String described(@Nullable Object value) {
		return (value != null) ? "a " + value.getClass().getTypeName() : "null";
	}

}
