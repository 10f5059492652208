package io.psqache.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
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
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.TypeFactory;

/**
 * The collections and maps of the JDK: as what a declared one is read, and how those come
 * back whose classes nobody can make by name.
 */
final class Containers {

	/**
	 * What a declared interface is read as. Jackson would lose the order of a set.
	 */
	private static final Map<Class<?>, Class<?>> READ_AS = readAs();

	/**
	 * How the JDK's own wrappers are made again from an {@code ArrayList}, a
	 * {@code LinkedHashSet} or a {@code LinkedHashMap}.
	 */
	private static final Map<String, UnaryOperator<Object>> REMADE = remade();

	private Containers() {
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
			// came with Java 21
		}
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	static SimpleModule module() {
		SimpleModule module = new SimpleModule("psqache-containers");
		READ_AS.forEach((declared, readAs) -> {
			if (declared != Iterable.class) {
				module.addAbstractTypeMapping((Class) declared, (Class) readAs);
			}
		});
		return module;
	}

	/**
	 * The class whose objects Jackson makes for a type.
	 */
	static Class<?> readAs(JavaType type) {
		return READ_AS.getOrDefault(type.getRawClass(), type.getRawClass());
	}

	private static Map<String, UnaryOperator<Object>> remade() {
		Map<String, UnaryOperator<Object>> functions = new HashMap<>();
		List<String> two = List.of("", "");
		List<String> three = List.of("", "", "");
		put(functions, two, (value) -> List.copyOf((List<?>) value));
		put(functions, three,
				(value) -> hasNull((List<?>) value) || ((List<?>) value).size() == 1 || ((List<?>) value).size() == 2
						? ((List<?>) value).stream().toList() : List.copyOf((List<?>) value));
		put(functions, Set.of(1, 2), (value) -> Set.copyOf((Set<?>) value));
		put(functions, Set.of(1, 2, 3), (value) -> Set.copyOf((Set<?>) value));
		put(functions, Map.of(1, 2), (value) -> Map.copyOf((Map<?, ?>) value));
		put(functions, Map.of(1, 2, 3, 4), (value) -> Map.copyOf((Map<?, ?>) value));
		put(functions, Arrays.asList(1, 2), (value) -> Arrays.asList(((List<?>) value).toArray()));
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
		put(functions, Collections.unmodifiableList(new ArrayList<>()),
				(value) -> Collections.unmodifiableList((List<?>) value));
		put(functions, Collections.unmodifiableSet(new LinkedHashSet<>()),
				(value) -> Collections.unmodifiableSet((Set<?>) value));
		put(functions, Collections.unmodifiableMap(new LinkedHashMap<>()),
				(value) -> Collections.unmodifiableMap((Map<?, ?>) value));
		put(functions, Collections.synchronizedList(new ArrayList<>()),
				(value) -> Collections.synchronizedList((List<?>) value));
		put(functions, Collections.synchronizedSet(new LinkedHashSet<>()),
				(value) -> Collections.synchronizedSet((Set<?>) value));
		put(functions, Collections.synchronizedMap(new LinkedHashMap<>()),
				(value) -> Collections.synchronizedMap((Map<?, ?>) value));
		return Map.copyOf(functions);
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
	 * How a wrapper of the JDK is made again.
	 * @return the function, {@code null} if objects of the class can be made as they are
	 */
	static @Nullable UnaryOperator<Object> remaker(Class<?> type) {
		return REMADE.get(type.getName());
	}

	static boolean isRemade(String className) {
		return REMADE.containsKey(className);
	}

	/**
	 * What a wrapper of the JDK is made from.
	 */
	static JavaType source(TypeFactory types, JavaType wrapper) {
		if (wrapper.isMapLikeType()) {
			return types.constructMapType(LinkedHashMap.class, wrapper.getKeyType(), wrapper.getContentType());
		}
		boolean isSet = Set.class.isAssignableFrom(wrapper.getRawClass());
		return types.constructCollectionType(isSet ? LinkedHashSet.class : ArrayList.class, wrapper.getContentType());
	}

	/**
	 * What JSON without a tag is read as where anything may stand.
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
	 * The class of all keys of a map, {@code String} if it has none.
	 * @throws Unstorable if they differ
	 */
	static Class<?> keyClass(Map<?, ?> map) {
		Class<?> common = null;
		for (Object key : map.keySet()) {
			Class<?> keyClass = (key != null) ? typeOf(key) : Void.class;
			if (common != null && common != keyClass) {
				throw new Unstorable(map.getClass(), "its keys are of different classes", "Use keys of one class.");
			}
			common = keyClass;
		}
		return (common != null) ? common : String.class;
	}

	/**
	 * The enum that an {@code EnumSet} is of, which it tells nobody.
	 */
	@SuppressWarnings({ "unchecked", "rawtypes" })
	static Class<?> enumClass(EnumSet<?> set) {
		Iterator<?> constants = (set.isEmpty() ? EnumSet.complementOf((EnumSet) set) : set).iterator();
		if (!constants.hasNext()) {
			throw new Unstorable(set.getClass(), "its enum has no constants", "");
		}
		return typeOf(constants.next());
	}

	static Class<?> enumClass(EnumMap<?, ?> map) {
		if (map.isEmpty()) {
			throw new Unstorable(map.getClass(), "an empty one does not tell its enum",
					"Declare the type of the cache's values, or return a LinkedHashMap.");
		}
		return typeOf(map.keySet().iterator().next());
	}

	/**
	 * The class to read a value back as: that of the constant for an enum, the public one
	 * for those of the JDK that hide theirs.
	 */
	static Class<?> typeOf(Object value) {
		if (value instanceof Enum<?> constant) {
			return constant.getDeclaringClass();
		}
		if (value instanceof java.time.ZoneId && !(value instanceof java.time.ZoneOffset)) {
			return java.time.ZoneId.class;
		}
		return (value instanceof TimeZone) ? TimeZone.class : value.getClass();
	}

	/**
	 * The class of the JDK whose objects are equal to a container that nobody can make by
	 * its name: the view of another, or one of a library.
	 */
	static Class<?> standIn(Object value) {
		if (value instanceof List) {
			return ArrayList.class;
		}
		if (value instanceof Set) {
			return (value instanceof SortedSet) ? TreeSet.class : LinkedHashSet.class;
		}
		if (value instanceof Map) {
			return (value instanceof SortedMap) ? TreeMap.class : LinkedHashMap.class;
		}
		return typeOf(value);
	}

	/**
	 * A comparator has no JSON form: what is sorted by one would come back sorted
	 * otherwise.
	 */
	static void requireNaturalOrder(Object value) {
		boolean sortedOtherwise = (value instanceof SortedSet<?> set && set.comparator() != null)
				|| (value instanceof SortedMap<?, ?> map && map.comparator() != null)
				|| (value instanceof PriorityQueue<?> queue && queue.comparator() != null);
		if (sortedOtherwise) {
			throw new Unstorable(value.getClass(), "it is sorted by a comparator, which cannot be stored",
					"Return a copy of it as a LinkedHashSet, a LinkedHashMap or an ArrayList.");
		}
	}

}
