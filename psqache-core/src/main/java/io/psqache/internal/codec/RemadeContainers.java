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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.deser.std.StdConvertingDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.MapType;
import tools.jackson.databind.type.TypeFactory;
import tools.jackson.databind.util.StdConverter;

import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.ReflectionUtils;

/**
 * Restores containers that have no constructor: the wrappers and immutable collections of
 * the JDK, Spring and Guava. Each is read as a JDK container, and then created with the
 * factory method of its class.
 */
final class RemadeContainers {

	private static final Map<String, UnaryOperator<Object>> FUNCTIONS = functions();

	private static final String UNMODIFIABLE_MULTI_VALUE_MAP = CollectionUtils
		.unmodifiableMultiValueMap(new LinkedMultiValueMap<>())
		.getClass()
		.getName();

	private static final String GUAVA = "com.google.common.collect.";

	/**
	 * Guava classes with {@code copyOf} methods and hidden implementations. A map of one
	 * entry is an {@code ImmutableBiMap}.
	 */
	private static final List<String> OF_GUAVA = List.of(GUAVA + "ImmutableList", GUAVA + "ImmutableSet",
			GUAVA + "ImmutableMap", GUAVA + "ImmutableBiMap");

	private RemadeContainers() {
	}

	private static Map<String, UnaryOperator<Object>> functions() {
		Map<String, UnaryOperator<Object>> functions = new HashMap<>();
		putImmutable(functions);
		putSingletons(functions);
		putUnmodifiable(functions);
		putSynchronized(functions);
		put(functions, ConcurrentHashMap.newKeySet(), (value) -> {
			Set<Object> set = ConcurrentHashMap.newKeySet();
			set.addAll((Set<?>) value);
			return set;
		});
		return Map.copyOf(functions);
	}

	private static void putImmutable(Map<String, UnaryOperator<Object>> functions) {
		put(functions, List.of("", ""), (value) -> List.copyOf((List<?>) value));
		put(functions, List.of("", "", ""),
				(value) -> hasNull((List<?>) value) || ((List<?>) value).size() == 1 || ((List<?>) value).size() == 2
						? ((List<?>) value).stream().toList() : List.copyOf((List<?>) value));
		put(functions, Set.of(1, 2), (value) -> Set.copyOf((Set<?>) value));
		put(functions, Set.of(1, 2, 3), (value) -> Set.copyOf((Set<?>) value));
		put(functions, Map.of(1, 2), (value) -> Map.copyOf((Map<?, ?>) value));
		put(functions, Map.of(1, 2, 3, 4), (value) -> Map.copyOf((Map<?, ?>) value));
		put(functions, Arrays.asList(1, 2), (value) -> Arrays.asList(((List<?>) value).toArray()));
	}

	private static void putSingletons(Map<String, UnaryOperator<Object>> functions) {
		put(functions, Collections.emptyList(), (value) -> Collections.emptyList());
		put(functions, Collections.emptySet(), (value) -> Collections.emptySet());
		put(functions, Collections.emptyMap(), (value) -> Collections.emptyMap());
		put(functions, Collections.singletonList(1),
				(value) -> Collections.singletonList(((List<?>) value).iterator().next()));
		put(functions, Collections.singleton(1), (value) -> Collections.singleton(((Set<?>) value).iterator().next()));
		put(functions, Collections.singletonMap(1, 1), (value) -> {
			Map.Entry<?, ?> entry = ((Map<?, ?>) value).entrySet().iterator().next();
			return Collections.singletonMap(entry.getKey(), entry.getValue());
		});
	}

	/**
	 * Add the unmodifiable wrappers. A list that is not {@code RandomAccess} has its own
	 * wrapper.
	 */
	@SuppressWarnings({ "unchecked", "JdkObsolete" })
	private static void putUnmodifiable(Map<String, UnaryOperator<Object>> functions) {
		put(functions, Collections.unmodifiableCollection(new ArrayList<>()),
				(value) -> Collections.unmodifiableCollection((List<?>) value));
		put(functions, Collections.unmodifiableList(new ArrayList<>()),
				(value) -> Collections.unmodifiableList((List<?>) value));
		put(functions, Collections.unmodifiableList(new LinkedList<>()),
				(value) -> Collections.unmodifiableList(new LinkedList<>((List<?>) value)));
		put(functions, Collections.unmodifiableSet(new LinkedHashSet<>()),
				(value) -> Collections.unmodifiableSet((Set<?>) value));
		put(functions, Collections.unmodifiableSortedSet(new TreeSet<>()),
				(value) -> Collections.unmodifiableSortedSet((SortedSet<?>) value));
		put(functions, Collections.unmodifiableNavigableSet(new TreeSet<>()),
				(value) -> Collections.unmodifiableNavigableSet((NavigableSet<?>) value));
		put(functions, Collections.unmodifiableMap(new LinkedHashMap<>()),
				(value) -> Collections.unmodifiableMap((Map<?, ?>) value));
		put(functions, Collections.unmodifiableSortedMap(new TreeMap<>()),
				(value) -> Collections.unmodifiableSortedMap((SortedMap<?, ?>) value));
		put(functions, Collections.unmodifiableNavigableMap(new TreeMap<>()),
				(value) -> Collections.unmodifiableNavigableMap((NavigableMap<?, ?>) value));
		put(functions, CollectionUtils.unmodifiableMultiValueMap(new LinkedMultiValueMap<>()),
				(value) -> CollectionUtils.unmodifiableMultiValueMap((MultiValueMap<Object, Object>) value));
	}

	@SuppressWarnings("JdkObsolete") // LinkedList: a list without RandomAccess.
	private static void putSynchronized(Map<String, UnaryOperator<Object>> functions) {
		put(functions, Collections.synchronizedCollection(new ArrayList<>()),
				(value) -> Collections.synchronizedCollection((List<?>) value));
		put(functions, Collections.synchronizedList(new ArrayList<>()),
				(value) -> Collections.synchronizedList((List<?>) value));
		put(functions, Collections.synchronizedList(new LinkedList<>()),
				(value) -> Collections.synchronizedList(new LinkedList<>((List<?>) value)));
		put(functions, Collections.synchronizedSet(new LinkedHashSet<>()),
				(value) -> Collections.synchronizedSet((Set<?>) value));
		put(functions, Collections.synchronizedSortedSet(new TreeSet<>()),
				(value) -> Collections.synchronizedSortedSet((SortedSet<?>) value));
		put(functions, Collections.synchronizedMap(new LinkedHashMap<>()),
				(value) -> Collections.synchronizedMap((Map<?, ?>) value));
		put(functions, Collections.synchronizedSortedMap(new TreeMap<>()),
				(value) -> Collections.synchronizedSortedMap((SortedMap<?, ?>) value));
	}

	private static void put(Map<String, UnaryOperator<Object>> functions, Object example,
			UnaryOperator<Object> function) {
		functions.put(example.getClass().getName(), function);
	}

	private static boolean hasNull(List<?> list) {
		for (Object element : list) {
			if (element == null) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether containers of a class are created from other containers.
	 */
	static boolean contains(String className) {
		return FUNCTIONS.containsKey(className) || OF_GUAVA.contains(className);
	}

	/**
	 * Return the function that creates a container of a class.
	 * @return the function, or {@code null} if Jackson can create objects of the class
	 */
	static @Nullable UnaryOperator<Object> remaker(Class<?> type) {
		return OF_GUAVA.contains(type.getName()) ? copyOf(type) : FUNCTIONS.get(type.getName());
	}

	private static UnaryOperator<Object> copyOf(Class<?> type) {
		Method method = ReflectionUtils.findMethod(type, "copyOf",
				Map.class.isAssignableFrom(type) ? Map.class : Collection.class);
		if (method == null) {
			throw new UnstorableValueException(type, "this version of Guava has no copyOf method for it",
					"Return a collection of java.util.");
		}
		return (source) -> Objects.requireNonNull(ReflectionUtils.invokeMethod(method, null, source));
	}

	/**
	 * Return the public class of a hidden Guava implementation; other classes are
	 * returned unchanged.
	 */
	static Class<?> knownAs(Class<?> type) {
		if (type.getName().startsWith(GUAVA)) {
			for (Class<?> known = type; known != null; known = known.getSuperclass()) {
				if (OF_GUAVA.contains(known.getName()) && CollectionTypes.canReplace(type, known)) {
					return known;
				}
			}
		}
		return type;
	}

	/**
	 * Return the type that a container is created from.
	 */
	static JavaType source(TypeFactory types, JavaType type) {
		Class<?> raw = type.getRawClass();
		if (raw.getName().equals(UNMODIFIABLE_MULTI_VALUE_MAP)) {
			return types.constructParametricType(LinkedMultiValueMap.class, type.getBindings());
		}
		if (type.isMapLikeType()) {
			return types.constructMapType(SortedMap.class.isAssignableFrom(raw) ? TreeMap.class : LinkedHashMap.class,
					type.getKeyType(), type.getContentType());
		}
		return types.constructCollectionType(sourceOf(raw), type.getContentType());
	}

	@SuppressWarnings("rawtypes")
	private static Class<? extends Collection> sourceOf(Class<?> raw) {
		if (SortedSet.class.isAssignableFrom(raw)) {
			return TreeSet.class;
		}
		return Set.class.isAssignableFrom(raw) ? LinkedHashSet.class : ArrayList.class;
	}

	/**
	 * Restores these containers inside other values.
	 */
	@SuppressWarnings("NullAway") // Jackson has no nullness annotations.
	static final class Reading implements Deserializers {

		@Override
		public @Nullable ValueDeserializer<?> findCollectionDeserializer(CollectionType type,
				DeserializationConfig config, BeanDescription.Supplier description, TypeDeserializer elementTypes,
				ValueDeserializer<?> elements) {
			return deserializer(type);
		}

		@Override
		public @Nullable ValueDeserializer<?> findMapDeserializer(MapType type, DeserializationConfig config,
				BeanDescription.Supplier description, KeyDeserializer keys, TypeDeserializer elementTypes,
				ValueDeserializer<?> elements) {
			return deserializer(type);
		}

		private static @Nullable ValueDeserializer<?> deserializer(JavaType type) {
			UnaryOperator<Object> remaker = remaker(type.getRawClass());
			return (remaker != null) ? new StdConvertingDeserializer<>(new Remaking(type, remaker)) : null;
		}

		@Override
		public boolean hasDeserializerFor(DeserializationConfig config, Class<?> valueType) {
			return contains(valueType.getName());
		}

	}

	private static final class Remaking extends StdConverter<Object, Object> {

		private final JavaType type;

		private final UnaryOperator<Object> remaker;

		Remaking(JavaType type, UnaryOperator<Object> remaker) {
			this.type = type;
			this.remaker = remaker;
		}

		@Override
		public Object convert(Object source) {
			return this.remaker.apply(source);
		}

		@Override
		public JavaType getInputType(TypeFactory types) {
			return source(types, this.type);
		}

		@Override
		public JavaType getOutputType(TypeFactory types) {
			return this.type;
		}

	}

}
