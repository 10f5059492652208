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

package io.psqache.codec;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.util.ReflectionUtils;

/**
 * Tells whether a value came back as it was put, as far as its callers can tell.
 * <ul>
 * <li>A class that defines {@code equals} is asked. What it says to be equal must have
 * lost no field, nor the class of a part. What it says to differ is the same only if all
 * fields are: a part may be equal to nothing but itself.
 * <li>Of a class without {@code equals} all fields count that are not transient.
 * <li>Arrays, collections and maps are compared by what they hold, and their classes as
 * {@link Containers#canReplace} says.
 * <li>Objects whose fields cannot be read are compared by their JSON. Locks and the like,
 * objects of the JDK without {@code equals}, cannot be compared.
 * </ul>
 */
final class SameValue {

	/**
	 * Sets of more elements are compared in their order, or by {@code equals}.
	 */
	private static final int LARGE_SET = 1_000;

	private final Function<Object, @Nullable JsonNode> json;

	private final TrustedTypes trustedTypes;

	private final int most;

	/**
	 * Make it.
	 * @param json gives the JSON of an object, {@code null} if it has none
	 * @param trustedTypes tell the application's own collections, which may have fields
	 * @param most how many objects to compare at most
	 */
	SameValue(Function<Object, @Nullable JsonNode> json, TrustedTypes trustedTypes, int most) {
		this.json = json;
		this.trustedTypes = trustedTypes;
		this.most = most;
	}

	/**
	 * Compare.
	 * @return the first difference, {@code null} if they are the same
	 */
	@Nullable Difference difference(Object one, @Nullable Object other) {
		return new Comparison().difference(new Place("$", null), one, other);
	}

	private static boolean isOfPlatform(Class<?> type) {
		String module = type.getModule().getName();
		return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
	}

	/**
	 * One walk over two values. It does not compare a pair twice, so that it ends where a
	 * value contains itself.
	 */
	private final class Comparison {

		private final IdentityHashMap<Object, Object> met = new IdentityHashMap<>();

		@Nullable Difference difference(Place place, @Nullable Object given, @Nullable Object other) {
			Object one = (given != null) ? LazyState.INSTANCE.unproxied(given) : null;
			if (one == other) {
				return null;
			}
			if (one == null || other == null
					|| !Containers.canReplace(Containers.typeOf(one), Containers.typeOf(other))) {
				return place.difference(one, other, "");
			}
			if (one.getClass().isArray() && one.getClass().getComponentType().isPrimitive()) {
				return Objects.deepEquals(one, other) ? null : place.difference(one, other, "");
			}
			if (this.met.size() >= SameValue.this.most || this.met.put(one, other) == other) {
				return null;
			}
			return isContainer(one) ? inContainer(place, one, other)
					: isOfPlatform(one.getClass()) ? inPlatform(place, one, other) : inObject(place, one, other);
		}

		private static boolean isContainer(Object value) {
			return value instanceof Map || value instanceof Collection || value instanceof Object[]
					|| value instanceof Optional || value instanceof Map.Entry || value instanceof AtomicReference;
		}

		private @Nullable Difference inContainer(Place place, Object one, Object other) {
			Difference difference = null;
			if (one instanceof Map<?, ?> before && other instanceof Map<?, ?> after) {
				difference = inMap(place, before, after);
			}
			else if (one instanceof Set<?> before && other instanceof Set<?> after) {
				difference = inSet(place, before, after);
			}
			else {
				difference = inSequence(place, one, other, elements(one), elements(other));
			}
			return (difference == null && SameValue.this.trustedTypes.isOwn(one.getClass()))
					? inFields(place, one, other, false, false) : difference;
		}

		private static Collection<? extends @Nullable Object> elements(Object container) {
			if (container instanceof Optional<?> optional) {
				return optional.stream().toList();
			}
			if (container instanceof Map.Entry<?, ?> entry) {
				return Arrays.asList(entry.getKey(), entry.getValue());
			}
			if (container instanceof AtomicReference<?> reference) {
				return Arrays.asList(reference.get());
			}
			return (container instanceof Object[] array) ? Arrays.asList(array) : (Collection<?>) container;
		}

		private @Nullable Difference inSequence(Place place, Object one, Object other,
				Collection<? extends @Nullable Object> before, Collection<? extends @Nullable Object> after) {
			if (before.size() != after.size()) {
				return place.difference(one, other, " of another size");
			}
			Iterator<? extends @Nullable Object> rest = after.iterator();
			int index = 0;
			for (Object element : before) {
				Difference difference = difference(place.element(index++), element, rest.next());
				if (difference != null) {
					return difference;
				}
			}
			return null;
		}

		/**
		 * Most come back in their order.
		 */
		private @Nullable Difference inSet(Place place, Set<?> before, Set<?> after) {
			Difference inOrder = new Comparison().inSequence(place, before, after, before, after);
			if (inOrder == null || before.size() != after.size()) {
				return inOrder;
			}
			boolean same = (before.size() > LARGE_SET) ? after.containsAll(before)
					: before.stream()
						.allMatch((element) -> after.stream()
							.anyMatch((candidate) -> new Comparison().difference(place, element, candidate) == null));
			return same ? null : inOrder;
		}

		private @Nullable Difference inMap(Place place, Map<?, ?> before, Map<?, ?> after) {
			if (before.size() != after.size() || !after.keySet().containsAll(before.keySet())) {
				return place.difference(before, after, " with other keys, or keys of another class");
			}
			for (Map.Entry<?, ?> entry : before.entrySet()) {
				Object key = entry.getKey();
				if (key instanceof String text && !findsAlike(text, before, after)) {
					return place.difference(before, after, " that finds other keys");
				}
				Difference difference = difference(place.value(key), entry.getValue(), after.get(key));
				if (difference != null) {
					return difference;
				}
			}
			return null;
		}

		/**
		 * A map need not regard the case of its keys.
		 */
		private static boolean findsAlike(String key, Map<?, ?> before, Map<?, ?> after) {
			if (isOfPlatform(before.getClass()) && isOfPlatform(after.getClass())) {
				return true;
			}
			String upper = key.toUpperCase(Locale.ROOT);
			String lower = key.toLowerCase(Locale.ROOT);
			return before.containsKey(upper) == after.containsKey(upper)
					&& before.containsKey(lower) == after.containsKey(lower);
		}

		private @Nullable Difference inPlatform(Place place, Object one, Object other) {
			boolean isText = one instanceof Number || one instanceof CharSequence || one instanceof AtomicBoolean;
			boolean same = definesEquals(one) ? one.equals(other) : !isText || one.toString().equals(other.toString());
			return same ? null : place.difference(one, other, "");
		}

		private @Nullable Difference inObject(Place place, Object one, Object other) {
			boolean definesEquals = definesEquals(one);
			boolean equal = definesEquals && one.equals(other) && one.hashCode() == other.hashCode();
			if (one.getClass() != other.getClass()) {
				return equal ? null : byJson(place, one, other);
			}
			if (equal && LibraryTypes.contains(one.getClass().getName())) {
				return null; // the class of a private field may differ
			}
			return inFields(place, one, other, definesEquals, equal);
		}

		private static boolean definesEquals(Object object) {
			return KeyTypes.definesEquals(object.getClass());
		}

		private @Nullable Difference inFields(Place place, Object one, Object other, boolean definesEquals,
				boolean equal) {
			Class<?> owner = one.getClass();
			for (; !isOfPlatform(owner); owner = owner.getSuperclass()) {
				for (Field field : owner.getDeclaredFields()) {
					if (!isState(field, definesEquals && !equal)) {
						continue;
					}
					if (!field.trySetAccessible()) {
						return equal ? null : byJson(place, one, other);
					}
					Difference difference = difference(place.in(field), ReflectionUtils.getField(field, one),
							ReflectionUtils.getField(field, other));
					if (difference != null && (!equal || difference.isGrave())) {
						return difference;
					}
				}
			}
			boolean allSeen = owner == Object.class || owner == Record.class || isContainer(one);
			return (allSeen || equal) ? null : byJson(place, one, other);
		}

		private static boolean isState(Field field, boolean transientToo) {
			int modifiers = field.getModifiers();
			return !Modifier.isStatic(modifiers) && !field.isSynthetic() && !field.getName().startsWith("$$_")
					&& (transientToo || !Modifier.isTransient(modifiers));
		}

		private @Nullable Difference byJson(Place place, Object one, Object other) {
			JsonNode before = SameValue.this.json.apply(one);
			boolean same = before != null && !(one instanceof Enum) && before.equals(SameValue.this.json.apply(other));
			return same ? null : place.difference(one, other, "");
		}

	}

	/**
	 * A part of a value.
	 *
	 * @param path where it is
	 * @param field the field that it is in, {@code null} if it is in none
	 */
	private record Place(String path, @Nullable Field field) {

		Place element(int index) {
			return new Place(path() + "[" + index + "]", field());
		}

		Place value(@Nullable Object key) {
			return new Place(path() + "." + key, field());
		}

		Place in(Field part) {
			return new Place(path() + "." + part.getName(), part);
		}

		Difference difference(@Nullable Object before, @Nullable Object after, String note) {
			return new Difference(path(), field(), before, after, note);
		}

	}

}
