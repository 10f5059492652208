package io.psqache.codec;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * Where in the JSON a class must be named, and by what name. Where the runtime class is
 * the declared one, none is. In place of a declared collection or map stands what is
 * equal to it: a {@code List} comes back as a list, whatever its class.
 */
final class Tags {

	private final TrustedTypes trustedTypes;

	private final TypeFactory types;

	Tags(TrustedTypes trustedTypes, TypeFactory types) {
		this.trustedTypes = trustedTypes;
		this.types = types;
	}

	boolean isNeeded(JavaType place, WritableTypeId id) {
		Object value = id.forValue;
		if (value instanceof Map<?, ?> map && id.valueShape == JsonToken.START_OBJECT) {
			return isNeeded(place, map);
		}
		if (value instanceof Collection<?> collection && id.valueShape == JsonToken.START_ARRAY) {
			return isNeeded(place, collection);
		}
		return !place.hasRawClass(classOf(id));
	}

	private boolean isNeeded(JavaType place, Map<?, ?> map) {
		if (usesTheirNames(map)) {
			return true;
		}
		if (place.isJavaLangObject()) {
			return isOwn(map) || map instanceof SortedMap || Containers.keyClass(map) != String.class;
		}
		Class<?> readAs = Containers.readAs(place);
		if (SortedMap.class.isAssignableFrom(readAs)) {
			Containers.requireNaturalOrder(map);
		}
		boolean keysAreLost = place.isMapLikeType() && place.getKeyType().isJavaLangObject()
				&& Containers.keyClass(map) != String.class;
		return keysAreLost
				|| (readAs != map.getClass() && (isOwn(map) || !place.isMapLikeType() || isAbstract(readAs)));
	}

	private boolean isNeeded(JavaType place, Collection<?> collection) {
		if (place.isJavaLangObject()) {
			return isOwn(collection) || !(collection instanceof List);
		}
		if (collection instanceof EnumSet && place.hasRawClass(EnumSet.class)) {
			return false;
		}
		Class<?> readAs = Containers.readAs(place);
		if (SortedSet.class.isAssignableFrom(readAs) || collection instanceof PriorityQueue) {
			Containers.requireNaturalOrder(collection);
		}
		return readAs != collection.getClass() && (isOwn(collection) || isAbstract(readAs)
				|| collection instanceof List != List.class.isAssignableFrom(readAs)
				|| collection instanceof Set != Set.class.isAssignableFrom(readAs));
	}

	private static boolean isAbstract(Class<?> type) {
		return Modifier.isAbstract(type.getModifiers());
	}

	/**
	 * Whether it is a container of the application's own making. Those of the JDK and of
	 * libraries come back as an equal one of the JDK.
	 */
	private boolean isOwn(Object container) {
		String name = container.getClass().getName();
		return !name.startsWith("java.") && this.trustedTypes.contains(name);
	}

	/**
	 * Whether a map has a key that would be taken for a tag.
	 */
	static boolean usesTheirNames(Object value) {
		if (value instanceof Map<?, ?> map) {
			for (Object key : map.keySet()) {
				if (TagSerializer.CLASS.equals(key) || TagSerializer.CONTENT.equals(key)) {
					return true;
				}
			}
		}
		return false;
	}

	/**
	 * The name of a value's class.
	 * @throws Unstorable if it must not be read back
	 */
	String name(JavaType place, WritableTypeId id) {
		String name = name(place, id, classOf(id));
		if (!this.trustedTypes.containsAll(name)) {
			throw Unstorable.untrusted(classOf(id));
		}
		return name;
	}

	private String name(JavaType place, WritableTypeId id, Class<?> type) {
		Object value = id.forValue;
		if (value instanceof Map<?, ?> map && id.valueShape == JsonToken.START_OBJECT) {
			return mapName(place, map);
		}
		if (value instanceof EnumSet<?> set) {
			return this.types.constructCollectionType(EnumSet.class, Containers.enumClass(set)).toCanonical();
		}
		if (value instanceof Collection<?> collection && id.valueShape == JsonToken.START_ARRAY) {
			return collectionClass(collection).getName();
		}
		return type.getName();
	}

	private Class<?> collectionClass(Collection<?> collection) {
		Containers.requireNaturalOrder(collection);
		Class<?> type = collection.getClass();
		if (this.trustedTypes.contains(type.getName()) && !Containers.isRemade(type.getName())) {
			return type;
		}
		if (collection instanceof Set) {
			return (collection instanceof SortedSet) ? TreeSet.class : LinkedHashSet.class;
		}
		return (collection instanceof List) ? ArrayList.class : type;
	}

	private String mapName(JavaType place, Map<?, ?> map) {
		Class<?> type = map.getClass();
		if (isOwn(map)) {
			return type.getName();
		}
		Containers.requireNaturalOrder(map);
		JavaType content = place.isMapLikeType() ? place.getContentType() : this.types.constructType(Object.class);
		Class<?> keyClass = (place.isMapLikeType() && !place.getKeyType().isJavaLangObject())
				? place.getKeyType().getRawClass() : Containers.keyClass(map);
		Class<?> made = madeAs(place, map);
		if (keyClass == String.class && content.isJavaLangObject()) {
			return made.getName();
		}
		@SuppressWarnings("unchecked")
		Class<? extends Map<?, ?>> mapClass = (Class<? extends Map<?, ?>>) made;
		return this.types.constructMapType(mapClass, this.types.constructType(keyClass), content).toCanonical();
	}

	private static Class<?> madeAs(JavaType place, Map<?, ?> map) {
		if (map instanceof EnumMap || map.getClass() == Containers.readAs(place)) {
			return map.getClass();
		}
		Class<?> made = (map instanceof SortedMap) ? TreeMap.class : LinkedHashMap.class;
		return place.getRawClass().isAssignableFrom(made) ? made : Containers.readAs(place);
	}

	private static Class<?> classOf(WritableTypeId id) {
		if (id.forValueType != null) {
			return id.forValueType;
		}
		return Containers.typeOf(id.forValue);
	}

}
