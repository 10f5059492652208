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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;

import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * Decides where the JSON needs a class name, and which. No name is needed if the runtime
 * class is the declared one, or if callers cannot distinguish the collection or map from
 * the one that the declared type is read as.
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
		Class<?> readAs = place.isJavaLangObject() ? LinkedHashMap.class : CollectionTypes.readAs(place);
		if (SortedMap.class.isAssignableFrom(readAs)) {
			CollectionTypes.requireNaturalOrder(map);
		}
		boolean keyTypeIsLost = !(place.isMapLikeType() && !place.getKeyType().isJavaLangObject())
				&& CollectionTypes.keyClass(map) != String.class;
		return keyTypeIsLost || !canBeReadAs(readAs, map);
	}

	private boolean isNeeded(JavaType place, Collection<?> collection) {
		if (collection instanceof EnumSet && place.hasRawClass(EnumSet.class)) {
			return false;
		}
		Class<?> readAs = place.isJavaLangObject() ? ArrayList.class : CollectionTypes.readAs(place);
		if (SortedSet.class.isAssignableFrom(readAs) || collection instanceof PriorityQueue) {
			CollectionTypes.requireNaturalOrder(collection);
		}
		return !canBeReadAs(readAs, collection);
	}

	/**
	 * Return whether the class that a container is read as can replace its own class.
	 */
	private boolean canBeReadAs(Class<?> readAs, Object container) {
		return readAs == container.getClass()
				|| (!isOwn(container) && (!isAbstract(readAs) || RemadeContainers.contains(readAs.getName()))
						&& CollectionTypes.canReplace(container.getClass(), readAs));
	}

	private static boolean isAbstract(Class<?> type) {
		return Modifier.isAbstract(type.getModifiers());
	}

	/**
	 * Return whether the class of a container is in a package of the application; no
	 * other class replaces it.
	 */
	private boolean isOwn(Object container) {
		return this.trustedTypes.isOwn(container.getClass());
	}

	/**
	 * Return whether a map has a key with the name of a tag.
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
	 * Return the name of the class of a value.
	 * @throws UnstorableValueException if the class is not trusted
	 */
	String name(JavaType place, WritableTypeId id) {
		String name = name(place, id, classOf(id));
		if (!this.trustedTypes.containsAll(name)) {
			throw UnstorableValueException.untrusted(classOf(id));
		}
		return name;
	}

	private String name(JavaType place, WritableTypeId id, Class<?> type) {
		Object value = id.forValue;
		if (value instanceof Map<?, ?> map && id.valueShape == JsonToken.START_OBJECT) {
			return mapName(place, map);
		}
		if (value instanceof EnumSet<?> set) {
			return ValueTypes
				.canonical(this.types.constructCollectionType(EnumSet.class, CollectionTypes.enumClass(set)));
		}
		if (value instanceof Collection<?> collection && id.valueShape == JsonToken.START_ARRAY) {
			return madeAs(place, collection).getName();
		}
		return type.getName();
	}

	private String mapName(JavaType place, Map<?, ?> map) {
		if (isOwn(map)) {
			return map.getClass().getName();
		}
		JavaType content = place.isMapLikeType() ? place.getContentType() : this.types.constructType(Object.class);
		Class<?> keyClass = (place.isMapLikeType() && !place.getKeyType().isJavaLangObject())
				? place.getKeyType().getRawClass() : CollectionTypes.keyClass(map);
		Class<?> made = (map.getClass() == CollectionTypes.readAs(place)) ? map.getClass() : madeAs(place, map);
		if (keyClass == String.class && content.isJavaLangObject()) {
			return made.getName();
		}
		return ValueTypes
			.canonical(CollectionTypes.mapType(this.types, made, this.types.constructType(keyClass), content));
	}

	/**
	 * Return the class to read a container as: its own class, or a JDK class that can
	 * replace it if its own class is not trusted, is created from another container, or
	 * is {@link HashMap}.
	 */
	private Class<?> madeAs(JavaType place, Object container) {
		CollectionTypes.requireNaturalOrder(container);
		Class<?> type = CollectionTypes.typeOf(container);
		boolean isMade = this.trustedTypes.contains(type.getName());
		if (isMade && !RemadeContainers.contains(type.getName()) && type != HashMap.class) {
			return type;
		}
		Class<?> standIn = CollectionTypes.standIn(container);
		if (CollectionTypes.canReplace(container.getClass(), standIn)
				&& place.getRawClass().isAssignableFrom(standIn)) {
			return standIn;
		}
		if (!isMade) {
			throw UnstorableValueException.irreplaceable(container.getClass(), standIn);
		}
		return type;
	}

	private static Class<?> classOf(WritableTypeId id) {
		if (id.forValueType != null) {
			return id.forValueType;
		}
		return CollectionTypes.typeOf(id.forValue);
	}

}
