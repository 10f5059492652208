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

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeBindings;
import tools.jackson.databind.type.TypeFactory;

/**
 * The types of the values of one cache, and their names in the {@code type} column.
 */
final class ValueTypes {

	/**
	 * To trust a package of the JDK is never the remedy.
	 */
	static final String COPY = "Return its content in an ArrayList, a LinkedHashSet or a LinkedHashMap.";

	private final TrustedTypes trustedTypes;

	private final TypeFactory factory;

	private final @Nullable JavaType declared;

	private final String declaredName;

	private final Set<String> declaredClasses;

	private final boolean keysAreDeclared;

	ValueTypes(TrustedTypes trustedTypes, TypeFactory factory, @Nullable JavaType declared) {
		this.trustedTypes = trustedTypes;
		this.factory = factory;
		this.declared = (declared != null) ? nameable(declared) : null;
		this.declaredName = (this.declared != null) ? name(this.declared) : "";
		this.declaredClasses = Set.copyOf(TrustedTypes.names(this.declaredName));
		this.keysAreDeclared = this.declared != null && this.declared.isMapLikeType()
				&& !this.declared.getKeyType().isJavaLangObject();
	}

	/**
	 * The type, or its class where no name says all, as that of a generic array.
	 */
	private @Nullable JavaType nameable(JavaType type) {
		JavaType raw = this.factory.constructType(type.getRawClass());
		return isNamed(type) ? type : isNamed(raw) ? raw : null;
	}

	/**
	 * {@code Object} says nothing.
	 */
	private boolean isNamed(JavaType type) {
		try {
			return !type.isJavaLangObject() && this.factory.constructFromCanonical(name(type)).equals(type);
		}
		catch (IllegalArgumentException ex) { // another class loader's
			return false;
		}
	}

	/**
	 * The name of a type: that of the class where its type arguments say no more than the
	 * class does.
	 */
	String name(JavaType type) {
		Class<?> raw = type.getRawClass();
		return type.equals(this.factory.constructType(raw)) ? raw.getName() : canonical(type);
	}

	/**
	 * The name of a type with its type arguments, as it is written in Java. Jackson's own
	 * has the types of keys and elements in their place.
	 */
	static String canonical(JavaType type) {
		TypeBindings arguments = type.getBindings();
		if (arguments.isEmpty() || type.isArrayType()) {
			return type.isContainerType() || type.isReferenceType() ? raw(type.getRawClass())
					: type.getRawClass().getName();
		}
		return arguments.getTypeParameters()
			.stream()
			.map(ValueTypes::canonical)
			.collect(Collectors.joining(",", type.getRawClass().getName() + "<", ">"));
	}

	private static String raw(Class<?> type) {
		return (type.getTypeParameters().length == 0) ? type.getName()
				: Stream.of(type.getTypeParameters())
					.map((parameter) -> "java.lang.Object")
					.collect(Collectors.joining(",", type.getName() + "<", ">"));
	}

	/**
	 * What all values of the same type have in common: their class, unless that is not
	 * enough to tell it.
	 */
	Object id(Object value) {
		if (value instanceof EnumSet || value instanceof EnumMap) {
			return of(value);
		}
		if (value instanceof Map<?, ?> map && !this.keysAreDeclared) {
			Class<?> keyClass = CollectionTypes.keyClass(map);
			return (keyClass != String.class) ? List.of(map.getClass(), keyClass) : map.getClass();
		}
		return value.getClass();
	}

	/**
	 * The type that brings a value back as it is.
	 * @throws UnstorableValueException if there is none that may be stored
	 */
	JavaType of(Object value) {
		if (this.declared != null && !this.declared.getRawClass().isInstance(value)) {
			throw new UnstorableValueException(value.getClass(),
					"the declared type of the cache's values is " + this.declaredName,
					"Correct the declared type, or use another cache.");
		}
		Class<?> type = CollectionTypes.typeOf(value);
		if (!isTrusted(type.getName())) {
			type = standIn(value);
		}
		if (this.declared != null && type == CollectionTypes.readAs(this.declared)
				&& !keysAreLost(this.declared, value)) {
			CollectionTypes.requireNaturalOrder(value);
			return this.declared;
		}
		JavaType runtime = withContent(value, specialized(type));
		if (!isTrusted(name(runtime))) {
			throw UnstorableValueException.untrusted(CollectionTypes.typeOf(value));
		}
		CollectionTypes.requireNaturalOrder(value);
		return runtime;
	}

	/**
	 * A container that callers cannot tell from the value.
	 */
	private Class<?> standIn(Object value) {
		Class<?> type = CollectionTypes.standIn(value);
		boolean replaces = CollectionTypes.canReplace(value.getClass(), type)
				&& (this.declared == null || this.declared.getRawClass().isAssignableFrom(type));
		if (!replaces && isTrusted(type.getName())) {
			throw UnstorableValueException.irreplaceable(value.getClass(), type);
		}
		return type;
	}

	private JavaType specialized(Class<?> type) {
		if (this.declared == null || !this.declared.getRawClass().isAssignableFrom(type)) {
			return this.factory.constructType(type);
		}
		try {
			return this.factory.constructSpecializedType(this.declared, type);
		}
		catch (IllegalArgumentException ex) {
			return this.factory.constructType(type);
		}
	}

	private static boolean keysAreLost(JavaType type, Object value) {
		if (value instanceof EnumSet) {
			return !isEnum(type.getContentType());
		}
		if (value instanceof EnumMap) {
			return !isEnum(type.getKeyType());
		}
		return value instanceof Map<?, ?> map && type.isMapLikeType() && type.getKeyType().isJavaLangObject()
				&& CollectionTypes.keyClass(map) != String.class;
	}

	/**
	 * The enum of a set of its constants and the class of a map's keys, where the
	 * declared type does not tell them.
	 */
	private JavaType withContent(Object value, JavaType type) {
		if (value instanceof EnumSet<?> set) {
			return this.factory.constructCollectionType(EnumSet.class, CollectionTypes.enumClass(set));
		}
		if (value instanceof EnumMap<?, ?> map) {
			Class<?> enumClass = isEnum(type.getKeyType()) ? type.getKeyType().getRawClass()
					: CollectionTypes.enumClass(map);
			return this.factory.constructMapType(EnumMap.class, this.factory.constructType(enumClass),
					type.getContentType());
		}
		if (keysAreLost(type, value) && value instanceof Map<?, ?> map
				&& map.getClass().getTypeParameters().length > 0) {
			return CollectionTypes.mapType(this.factory, type.getRawClass(),
					this.factory.constructType(CollectionTypes.keyClass(map)), type.getContentType());
		}
		return type;
	}

	private static boolean isEnum(@Nullable JavaType type) {
		return type != null && type.isEnumType() && !type.hasRawClass(Enum.class);
	}

	/**
	 * The type of a name from a row. No class is loaded before all of its names were
	 * found trusted.
	 */
	JavaType named(String name) {
		if (this.declared != null && name.equals(this.declaredName)) {
			return this.declared;
		}
		if (!isTrusted(name)) {
			throw JsonValueCodec
				.unreadable("psqache ignores an entry, because its type is not trusted. If the type is your own, "
						+ "add its package to psqache.trusted-packages.", null);
		}
		JavaType type = this.factory.constructFromCanonical(name);
		if (this.declared != null && !fits(type, this.declared)) {
			throw JsonValueCodec.unreadable("psqache ignores an entry of type " + type.getRawClass().getName()
					+ ", because the declared type of the cache's values is " + this.declaredName + ".", null);
		}
		return type;
	}

	/**
	 * The type to write a value of a type as: an interface where another class stands in
	 * for that of the value.
	 */
	JavaType written(JavaType type, Object value) {
		if (type.getRawClass().isInstance(value)) {
			return type;
		}
		if (value instanceof Map) {
			return this.factory.constructMapType((value instanceof SortedMap) ? SortedMap.class : Map.class,
					type.getKeyType(), type.getContentType());
		}
		if (value instanceof Set) {
			return this.factory.constructCollectionType((value instanceof SortedSet) ? SortedSet.class : Set.class,
					type.getContentType());
		}
		return this.factory.constructCollectionType((value instanceof List) ? List.class : Collection.class,
				type.getContentType());
	}

	/**
	 * Whether what is read as a type may stand where another is declared, as far as its
	 * type arguments tell.
	 */
	static boolean fits(JavaType type, JavaType declared) {
		if (!type.isTypeOrSubTypeOf(declared.getRawClass())) {
			return false;
		}
		JavaType seen = type.findSuperType(declared.getRawClass());
		for (int i = 0; i < declared.containedTypeCount(); i++) {
			JavaType argument = (seen != null) ? seen.containedTypeOrUnknown(i) : TypeFactory.unknownType();
			JavaType wanted = declared.containedTypeOrUnknown(i);
			if (!wanted.isJavaLangObject() && !argument.isJavaLangObject() && !fits(argument, wanted)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether all that is read as a type is what is declared. Not where it has not the
	 * same type arguments, as an entry has that was written before there was a declared
	 * type: there only the elements tell.
	 */
	boolean isCertain(JavaType type) {
		if (this.declared == null || this.declared.containedTypeCount() == 0) {
			return true;
		}
		JavaType seen = type.findSuperType(this.declared.getRawClass());
		return seen != null && seen.getBindings().equals(this.declared.getBindings());
	}

	/**
	 * Whether a value that was read is what is declared.
	 */
	boolean isDeclared(Object value) {
		return this.declared == null || holds(value, this.declared);
	}

	private static boolean holds(@Nullable Object value, JavaType declared) {
		if (value == null || declared.isJavaLangObject()) {
			return true;
		}
		if (!declared.getRawClass().isInstance(value)) {
			return false;
		}
		if (value instanceof Collection<?> collection && declared.isCollectionLikeType()) {
			return collection.stream().allMatch((element) -> holds(element, declared.getContentType()));
		}
		if (value instanceof Map<?, ?> map && declared.isMapLikeType()) {
			return map.entrySet()
				.stream()
				.allMatch((entry) -> holds(entry.getKey(), declared.getKeyType())
						&& holds(entry.getValue(), declared.getContentType()));
		}
		return true;
	}

	/**
	 * What the application declares needs no other trust.
	 */
	private boolean isTrusted(String name) {
		return this.trustedTypes.containsAll(name, this.declaredClasses);
	}

}
