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
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares a value with its restored value, as far as callers can see a difference.
 * <ul>
 * <li>Objects whose class defines {@code equals}: equal objects must also have equal
 * fields of the same classes where a field would be lost. Objects that are not equal are
 * the same only if all their fields are, and one of the fields is an object that is equal
 * only to itself.
 * <li>Objects without {@code equals}: all fields that are not transient are compared.
 * This also applies to all objects compared after a {@code URL}, whose {@code equals}
 * looks up hosts.
 * <li>Arrays, collections and maps: their content and their lookups are compared, and
 * their classes by {@link CollectionTypes#canReplace}.
 * <li>Objects whose fields cannot be read are compared by their JSON, and JDK objects
 * without {@code equals} by {@link PlatformTypes}.
 * </ul>
 */
final class SameValue {

	/**
	 * The maximum size of a set whose elements are compared in any order. Larger sets are
	 * compared in iteration order, or else by {@code equals}.
	 */
	private static final int MAX_UNORDERED = 1_000;

	private final Function<Object, @Nullable JsonNode> json;

	private final TrustedTypes trustedTypes;

	private final int maxObjects;

	/**
	 * Create a new instance.
	 * @param json returns the JSON of an object, {@code null} if it has none
	 * @param trustedTypes identify the collections of the application, which may have
	 * fields
	 * @param maxObjects the maximum number of objects to compare
	 */
	SameValue(Function<Object, @Nullable JsonNode> json, TrustedTypes trustedTypes, int maxObjects) {
		this.json = json;
		this.trustedTypes = trustedTypes;
		this.maxObjects = maxObjects;
	}

	/**
	 * Compare two values.
	 * @return the first difference, or {@code null} if there is none
	 */
	@Nullable ValueDifference difference(Object one, @Nullable Object other) {
		return new Comparison().difference(new Place("$", null), one, other);
	}

	/**
	 * One comparison of two values. A pair is compared only once, so that the comparison
	 * of a value that contains itself ends.
	 */
	private final class Comparison {

		private final ComparedPairs pairs = new ComparedPairs(SameValue.this.maxObjects);

		private final Map<Class<?>, StateFields> fields = new HashMap<>();

		private boolean hasUrl;

		@Nullable ValueDifference difference(Place place, @Nullable Object one, @Nullable Object other) {
			return difference(place, one, other, false);
		}

		private @Nullable ValueDifference difference(Place place, @Nullable Object given, @Nullable Object other,
				boolean anyClass) {
			Object one = (given != null) ? LazyState.INSTANCE.unproxied(given) : null;
			if (one == other) {
				return null;
			}
			if (one == null || other == null || (!anyClass
					&& !CollectionTypes.canReplace(CollectionTypes.typeOf(one), CollectionTypes.typeOf(other)))) {
				return place.difference(one, other, "");
			}
			if (one.getClass().isArray() && one.getClass().getComponentType().isPrimitive()) {
				return Objects.deepEquals(one, other) ? null : place.difference(one, other, "");
			}
			if (!this.pairs.add(one, other)) {
				return null;
			}
			this.hasUrl |= one instanceof URL;
			return isContainer(one) ? inContainer(place, one, other)
					: PlatformTypes.contains(one.getClass())
							? PlatformTypes.hasSameState(one, other) ? null
									: place.difference(one, other, PlatformTypes.note(one))
							: inObject(place, one, other);
		}

		private static boolean isContainer(Object value) {
			return value instanceof Map || value instanceof Collection || value instanceof Object[]
					|| value instanceof Optional || value instanceof Map.Entry || value instanceof AtomicReference;
		}

		private @Nullable ValueDifference inContainer(Place place, Object one, Object other) {
			ValueDifference difference = null;
			if (one instanceof Map<?, ?> before && other instanceof Map<?, ?> after) {
				difference = inMap(place, before, after);
			}
			else if (one instanceof Set<?> before && other instanceof Set<?> after) {
				difference = inSet(place, before, after);
			}
			else {
				difference = inSequence(place, one, other, elements(one), elements(other));
			}
			if (difference == null && !Lookups.areSame(one, other)) {
				return place.difference(one, other, Lookups.NOTE);
			}
			return (difference == null && SameValue.this.trustedTypes.isOwn(one.getClass()))
					? inFields(place, one, other) : difference;
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

		private @Nullable ValueDifference inSequence(Place place, Object one, Object other,
				Collection<? extends @Nullable Object> before, Collection<? extends @Nullable Object> after) {
			if (before.size() != after.size()) {
				return place.difference(one, other, " of another size");
			}
			Iterator<? extends @Nullable Object> rest = after.iterator();
			int index = 0;
			for (Object element : before) {
				ValueDifference difference = difference(place.element(index++), element, rest.next());
				if (difference != null) {
					return difference;
				}
			}
			return null;
		}

		/**
		 * Compare two sets. Most sets keep their order, so this order is tried first.
		 */
		private @Nullable ValueDifference inSet(Place place, Set<?> before, Set<?> after) {
			ValueDifference first = this.pairs.tried(() -> inSequence(place, before, after, before, after));
			if (first == null || before.size() != after.size()) {
				return first;
			}
			if (before.size() > MAX_UNORDERED) {
				return after.containsAll(before) ? null : first;
			}
			List<@Nullable Object> rest = new ArrayList<>(after);
			for (Object element : before) {
				ValueDifference difference = withoutOrder(place, element, rest, first);
				if (difference != null) {
					return difference;
				}
			}
			return null;
		}

		/**
		 * Find an element in a list, and remove it from the list.
		 * @return {@code null} if the element is found; the difference if an element is
		 * equal but has another state; otherwise {@code ifMissing}
		 */
		private @Nullable ValueDifference withoutOrder(Place place, @Nullable Object element,
				List<@Nullable Object> others, ValueDifference ifMissing) {
			for (int i = 0; i < others.size(); i++) {
				Object other = others.get(i);
				ValueDifference difference = this.pairs.tried(() -> difference(place, element, other));
				if (difference == null) {
					others.remove(i);
					return null;
				}
				if (element != null && other != null && areEqual(element, other)) {
					return difference;
				}
			}
			return ifMissing;
		}

		private @Nullable ValueDifference inMap(Place place, Map<?, ?> before, Map<?, ?> after) {
			if (before.size() != after.size() || !after.keySet().containsAll(before.keySet())) {
				return place.difference(before, after, " with other keys, or keys of another class");
			}
			for (Map.Entry<?, ?> entry : before.entrySet()) {
				Object key = entry.getKey();
				ValueDifference difference = difference(place.value(key), entry.getValue(), after.get(key));
				if (difference != null) {
					return difference;
				}
			}
			return null;
		}

		private @Nullable ValueDifference inObject(Place place, Object one, Object other) {
			if (one.getClass() != other.getClass()) {
				return areEqual(one, other) ? null : byJson(place, one, other);
			}
			ValueDifference difference = inFields(place, one, other);
			if (!canUseEquals(one) || (difference != null && difference.isGrave())) {
				return difference;
			}
			if (areEqual(one, other)) {
				return null;
			}
			return (difference != null || isExplained(one, other)) ? difference : inTransients(place, one, other);
		}

		/**
		 * Return whether {@code equals} may be called: that of {@code URL} looks up its
		 * host.
		 */
		private boolean canUseEquals(Object one) {
			return !this.hasUrl && KeyTypes.definesEquals(one.getClass());
		}

		private boolean areEqual(Object one, Object other) {
			return canUseEquals(one) && one.equals(other) && one.hashCode() == other.hashCode();
		}

		/**
		 * Return the first grave difference, or else the first difference. A grave
		 * difference counts even if {@code equals} ignores it.
		 */
		private @Nullable ValueDifference inFields(Place place, Object one, Object other) {
			ValueDifference first = null;
			StateFields fields = fieldsOf(one);
			for (Field field : fields.persistentFields()) {
				ValueDifference difference = difference(place.in(field), StateFields.value(field, one),
						StateFields.value(field, other), isHidden(field));
				if (difference != null && difference.isGrave()) {
					return difference;
				}
				first = (first != null) ? first : difference;
			}
			boolean isComplete = fields.areAll() || isContainer(one);
			return (first != null || isComplete) ? first : byJson(place, one, other);
		}

		/**
		 * Return whether the runtime class of a field may change if its content stays the
		 * same, which is so for the private fields of a library.
		 */
		private static boolean isHidden(Field field) {
			return LibraryTypes.contains(field.getDeclaringClass().getName());
		}

		/**
		 * Return whether a field explains why two objects are not equal: its values have
		 * the same state, but are equal only to themselves.
		 */
		private boolean isExplained(Object one, Object other) {
			return one.equals(other) || fieldsOf(one).persistentFields()
				.stream()
				.anyMatch((field) -> !Objects.equals(StateFields.value(field, one), StateFields.value(field, other)));
		}

		/**
		 * Find the difference in transient fields, for objects that are not equal
		 * although all other fields are.
		 */
		private ValueDifference inTransients(Place place, Object one, Object other) {
			for (Field field : fieldsOf(one).transientFields()) {
				Object before = StateFields.value(field, one);
				Object after = StateFields.value(field, other);
				Place part = place.in(field);
				if (this.pairs.tried(() -> difference(part, before, after)) != null) {
					return part.difference(before, after, "");
				}
			}
			return place.difference(one, other, " that is not equal to it by its own equals()");
		}

		private StateFields fieldsOf(Object object) {
			return this.fields.computeIfAbsent(object.getClass(), StateFields::of);
		}

		private @Nullable ValueDifference byJson(Place place, Object one, Object other) {
			JsonNode before = SameValue.this.json.apply(one);
			boolean same = before != null && !(one instanceof Enum) && before.equals(SameValue.this.json.apply(other));
			return same ? null : place.difference(one, other, "");
		}

	}

	/**
	 * A part of a value.
	 *
	 * @param path the path of the part
	 * @param field the field that contains it, or {@code null} if there is none
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

		ValueDifference difference(@Nullable Object before, @Nullable Object after, String note) {
			return new ValueDifference(path(), field(), before, after, note);
		}

	}

}
