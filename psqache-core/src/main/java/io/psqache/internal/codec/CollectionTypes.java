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

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.TypeFactory;

import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * The rules for collections and maps: the class that a declared interface is read as, the
 * class that can replace one that cannot be instantiated, and the containers that psqache
 * refuses.
 */
final class CollectionTypes {

	/**
	 * The class that each declared interface is read as. Jackson's default for a set
	 * would lose its order.
	 */
	private static final Map<Class<?>, Class<?>> READ_AS = readAs();

	private static final Set<String> KNOWN = Set.of(MultiValueMap.class.getName(), LinkedMultiValueMap.class.getName(),
			LinkedCaseInsensitiveMap.class.getName());

	private static final String SYNCHRONIZED = "java.util.Collections$Synchronized";

	/**
	 * Packages with classes that are public in the class file, but internal.
	 */
	private static final List<String> HIDDEN = List.of("kotlin.collections.Empty", "kotlin.collections.builders.",
			"org.hibernate.");

	private CollectionTypes() {
	}

	private static Map<Class<?>, Class<?>> readAs() {
		Map<Class<?>, Class<?>> classes = new HashMap<>();
		classes.put(Iterable.class, ArrayList.class);
		classes.put(Collection.class, ArrayList.class);
		classes.put(List.class, ArrayList.class);
		classes.put(Set.class, LinkedHashSet.class);
		classes.put(SortedSet.class, TreeSet.class);
		classes.put(NavigableSet.class, TreeSet.class);
		classes.put(Queue.class, LinkedList.class);
		classes.put(Deque.class, LinkedList.class);
		classes.put(Map.class, LinkedHashMap.class);
		classes.put(SortedMap.class, TreeMap.class);
		classes.put(NavigableMap.class, TreeMap.class);
		classes.put(ConcurrentMap.class, ConcurrentHashMap.class);
		classes.put(ConcurrentNavigableMap.class, ConcurrentSkipListMap.class);
		classes.put(MultiValueMap.class, LinkedMultiValueMap.class);
		putIfPresent(classes, "java.util.SequencedCollection", ArrayList.class);
		putIfPresent(classes, "java.util.SequencedSet", LinkedHashSet.class);
		putIfPresent(classes, "java.util.SequencedMap", LinkedHashMap.class);
		return Map.copyOf(classes);
	}

	private static void putIfPresent(Map<Class<?>, Class<?>> classes, String name, Class<?> readAs) {
		try {
			classes.put(Class.forName(name), readAs);
		}
		catch (ClassNotFoundException ex) {
			// Java 17 does not have this interface; Java 21 does.
		}
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	static SimpleModule module() {
		SimpleModule module = new SimpleModule("psqache-containers") {

			@Override
			public void setupModule(SetupContext context) {
				super.setupModule(context);
				context.addDeserializers(new RemadeContainers.Reading());
			}

		};
		READ_AS.forEach((declared, readAs) -> {
			if (declared != Iterable.class) {
				module.addAbstractTypeMapping((Class) declared, (Class) readAs);
			}
		});
		return module;
	}

	/**
	 * Return the class that Jackson instantiates for a type.
	 */
	static Class<?> readAs(JavaType type) {
		return READ_AS.getOrDefault(type.getRawClass(), type.getRawClass());
	}

	/**
	 * Return the type as which untagged JSON is read if any type is allowed.
	 */
	static JavaType natural(TypeFactory types, JsonToken first) {
		JavaType any = types.constructType(Object.class);
		if (first == JsonToken.START_ARRAY) {
			return types.constructCollectionType(ArrayList.class, any);
		}
		if (first == JsonToken.START_OBJECT) {
			return types.constructMapType(LinkedHashMap.class, types.constructType(String.class), any);
		}
		return any;
	}

	/**
	 * Return the common class of all keys of a map, {@code String} if the map is empty.
	 * @throws UnstorableValueException if the keys are of different classes
	 */
	static Class<?> keyClass(Map<?, ?> map) {
		Class<?> common = null;
		for (Object key : map.keySet()) {
			Class<?> keyClass = (key != null) ? typeOf(key) : Void.class;
			if (common != null && common != keyClass) {
				throw new UnstorableValueException(map.getClass(), "its keys are of different classes",
						"Use keys of one class.");
			}
			common = keyClass;
		}
		return (common != null) ? common : String.class;
	}

	/**
	 * Return the enum type of an {@code EnumSet}, which has no accessor for it.
	 */
	@SuppressWarnings({ "unchecked", "rawtypes" })
	static Class<?> enumClass(EnumSet<?> set) {
		Iterator<?> constants = (set.isEmpty() ? EnumSet.complementOf((EnumSet) set) : set).iterator();
		if (!constants.hasNext()) {
			throw new UnstorableValueException(set.getClass(), "its enum type has no constants", "");
		}
		return typeOf(constants.next());
	}

	static Class<?> enumClass(EnumMap<?, ?> map) {
		if (map.isEmpty()) {
			throw new UnstorableValueException(map.getClass(), "an empty map does not contain its enum type",
					"Declare the type of the cache's values, or return a LinkedHashMap.");
		}
		return typeOf(map.keySet().iterator().next());
	}

	/**
	 * Return the class to read a value back as. For an enum constant with a body this is
	 * the enum; for hidden classes of the JDK it is their public superclass.
	 */
	static Class<?> typeOf(Object value) {
		if (value instanceof Enum<?> constant) {
			return constant.getDeclaringClass();
		}
		if (value instanceof java.time.ZoneId && !(value instanceof java.time.ZoneOffset)) {
			return java.time.ZoneId.class;
		}
		if (value instanceof EnumSet) {
			return EnumSet.class;
		}
		if (value instanceof Collection || value instanceof Map) {
			return RemadeContainers.knownAs(value.getClass());
		}
		return (value instanceof TimeZone) ? TimeZone.class : value.getClass();
	}

	/**
	 * Return whether a collection or map class may be instantiated by its name: the
	 * classes of {@link RemadeContainers}, and those of Spring.
	 */
	static boolean isKnown(String className) {
		return KNOWN.contains(className) || RemadeContainers.contains(className);
	}

	/**
	 * Return whether a container of one class can replace a container of another. The
	 * substitute must have all classes and interfaces of the original that are visible to
	 * callers. A modifiable substitute for an unmodifiable original is allowed. A
	 * synchronized wrapper cannot be replaced, because its locks would be lost.
	 */
	static boolean canReplace(Class<?> original, Class<?> substitute) {
		return original == substitute
				|| (!original.getName().startsWith(SYNCHRONIZED) && missing(original, substitute) == null);
	}

	/**
	 * Return a visible supertype of a class that another class does not have.
	 * @return the class or interface, or {@code null} if there is none
	 */
	static @Nullable Class<?> missing(@Nullable Class<?> type, Class<?> substitute) {
		if (type == null || type.isAssignableFrom(substitute)) {
			return null;
		}
		if (isVisible(type)) {
			return type;
		}
		Class<?> missing = missing(type.getSuperclass(), substitute);
		for (Class<?> parent : type.getInterfaces()) {
			missing = (missing != null) ? missing : missing(parent, substitute);
		}
		return missing;
	}

	private static boolean isVisible(Class<?> type) {
		return Modifier.isPublic(type.getModifiers()) && type.getModule().isExported(type.getPackageName())
				&& HIDDEN.stream().noneMatch(type.getName()::startsWith);
	}

	/**
	 * Return the class that may replace the class of a container, such as a view of
	 * another collection, that cannot be instantiated by its name. The caller must check
	 * {@link #canReplace}.
	 */
	static Class<?> standIn(Object value) {
		if (value instanceof MultiValueMap) {
			return LinkedMultiValueMap.class;
		}
		if (value instanceof Set) {
			return (value instanceof SortedSet) ? TreeSet.class : LinkedHashSet.class;
		}
		if (value instanceof Map) {
			return (value instanceof SortedMap) ? TreeMap.class : LinkedHashMap.class;
		}
		return (value instanceof Collection) ? ArrayList.class : typeOf(value);
	}

	/**
	 * Return the type of a map with the given key and value types. The type parameters of
	 * the map class may differ: a {@code MultiValueMap<K, V>} is a map of {@code K} to
	 * lists of {@code V}.
	 */
	static JavaType mapType(TypeFactory types, Class<?> map, JavaType key, JavaType content) {
		if (MultiValueMap.class.isAssignableFrom(map) && map.getTypeParameters().length == 2) {
			JavaType element = content.isCollectionLikeType() ? content.getContentType()
					: types.constructType(Object.class);
			return types.constructParametricType(map, key, element);
		}
		try {
			return types.constructSpecializedType(types.constructMapType(Map.class, key, content), map);
		}
		catch (IllegalArgumentException ex) {
			throw new UnstorableValueException(map,
					"its key and value types do not match " + key.getRawClass().getName(),
					"Declare the type of the cache's values, or return a LinkedHashMap.");
		}
	}

	/**
	 * Require that a sorted container has no comparator: a comparator has no JSON form,
	 * so a hit would have another order.
	 */
	static void requireNaturalOrder(Object value) {
		boolean hasComparator = (value instanceof SortedSet<?> set && set.comparator() != null)
				|| (value instanceof SortedMap<?, ?> map && map.comparator() != null)
				|| (value instanceof PriorityQueue<?> queue && queue.comparator() != null);
		if (hasComparator) {
			throw new UnstorableValueException(value.getClass(), "it is sorted by a comparator, which cannot be stored",
					"Return its content in a LinkedHashSet, a LinkedHashMap or an ArrayList.");
		}
	}

}
