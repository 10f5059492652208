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
 * Tells whether a value came back as it was put, as far as its callers can tell.
 * <ul>
 * <li>A class that defines {@code equals} is asked. What it says to be equal must have
 * lost no field, nor the class of a part. What it says to differ is the same only if all
 * fields are, and a part explains it that is equal to nothing but itself.
 * <li>Of a class without {@code equals} all fields count that are not transient. So of
 * all that is compared after a {@code URL}, whose {@code equals} looks up hosts.
 * <li>Arrays, collections and maps are compared by what they hold and what they find, and
 * their classes as {@link CollectionTypes#canReplace} says.
 * <li>Objects whose fields cannot be read are compared by their JSON, and those of the
 * JDK without {@code equals} as {@link PlatformTypes} says.
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
	@Nullable ValueDifference difference(Object one, @Nullable Object other) {
		return new Comparison().difference(new Place("$", null), one, other);
	}

	/**
	 * One walk over two values. It does not compare a pair twice, so that it ends where a
	 * value contains itself.
	 */
	private final class Comparison {

		private final ComparedPairs pairs = new ComparedPairs(SameValue.this.most);

		private final Map<Class<?>, StateFields> fields = new HashMap<>();

		private boolean hasUrl;

		@Nullable ValueDifference difference(Place place, @Nullable Object one, @Nullable Object other) {
			return difference(place, one, other, false);
		}

		private @Nullable ValueDifference difference(Place place, @Nullable Object given, @Nullable Object other,
				boolean ofAnyClass) {
			Object one = (given != null) ? LazyState.INSTANCE.unproxied(given) : null;
			if (one == other) {
				return null;
			}
			if (one == null || other == null || (!ofAnyClass
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
							? PlatformTypes.isSame(one, other) ? null
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
		 * Most come back in their order.
		 */
		private @Nullable ValueDifference inSet(Place place, Set<?> before, Set<?> after) {
			ValueDifference first = this.pairs.tried(() -> inSequence(place, before, after, before, after));
			if (first == null || before.size() != after.size()) {
				return first;
			}
			if (before.size() > LARGE_SET) {
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
		 * Find an element among others, and remove it from them.
		 * @return the difference from the one that it is equal to, or else a given one
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
			if (!canBeAsked(one) || (difference != null && difference.isGrave())) {
				return difference;
			}
			if (areEqual(one, other)) {
				return null;
			}
			return (difference != null || isExplained(one, other)) ? difference : inTransients(place, one, other);
		}

		/**
		 * To ask a {@code URL} means to look up its host.
		 */
		private boolean canBeAsked(Object one) {
			return !this.hasUrl && KeyTypes.definesEquals(one.getClass());
		}

		private boolean areEqual(Object one, Object other) {
			return canBeAsked(one) && one.equals(other) && one.hashCode() == other.hashCode();
		}

		/**
		 * What is lost comes first: it counts even if {@code equals} ignores it.
		 */
		private @Nullable ValueDifference inFields(Place place, Object one, Object other) {
			ValueDifference first = null;
			StateFields fields = fieldsOf(one);
			for (Field field : fields.lasting()) {
				ValueDifference difference = difference(place.in(field), StateFields.value(field, one),
						StateFields.value(field, other), isHidden(field));
				if (difference != null && difference.isGrave()) {
					return difference;
				}
				first = (first != null) ? first : difference;
			}
			boolean allSeen = fields.areAll() || isContainer(one);
			return (first != null || allSeen) ? first : byJson(place, one, other);
		}

		/**
		 * The class of a library's private field may differ, as long as it holds the
		 * same.
		 */
		private static boolean isHidden(Field field) {
			return LibraryTypes.contains(field.getDeclaringClass().getName());
		}

		/**
		 * Whether a part is the reason why the whole is not equal: one that is the same,
		 * but equal to nothing but itself.
		 */
		private boolean isExplained(Object one, Object other) {
			return one.equals(other) || fieldsOf(one).lasting()
				.stream()
				.anyMatch((field) -> !Objects.equals(StateFields.value(field, one), StateFields.value(field, other)));
		}

		/**
		 * Only for an object that is not equal, though all that lasts is the same.
		 */
		private ValueDifference inTransients(Place place, Object one, Object other) {
			for (Field field : fieldsOf(one).passing()) {
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

		ValueDifference difference(@Nullable Object before, @Nullable Object after, String note) {
			return new ValueDifference(path(), field(), before, after, note);
		}

	}

}
