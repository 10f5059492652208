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
	 * The remedy for a container whose package cannot be trusted.
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
		this.declared = (declared != null) ? withName(declared) : null;
		this.declaredName = (this.declared != null) ? name(this.declared) : "";
		this.declaredClasses = Set.copyOf(TrustedTypes.names(this.declaredName));
		this.keysAreDeclared = this.declared != null && this.declared.isMapLikeType()
				&& !this.declared.getKeyType().isJavaLangObject();
	}

	/**
	 * Return the type, or its class if the type has no complete name, such as a generic
	 * array.
	 * @return {@code null} if the class has no name that resolves to it, or is
	 * {@code Object}
	 */
	private @Nullable JavaType withName(JavaType type) {
		JavaType raw = this.factory.constructType(type.getRawClass());
		return isNamed(type) ? type : isNamed(raw) ? raw : null;
	}

	/**
	 * Return whether the name of a type resolves to the same type; {@code false} for
	 * {@code Object}, which declares nothing.
	 */
	private boolean isNamed(JavaType type) {
		try {
			return !type.isJavaLangObject() && this.factory.constructFromCanonical(name(type)).equals(type);
		}
		catch (IllegalArgumentException ex) { // Another class loader has the class.
			return false;
		}
	}

	/**
	 * Return the name of a type: the class name if the type arguments add nothing.
	 */
	String name(JavaType type) {
		Class<?> raw = type.getRawClass();
		return type.equals(this.factory.constructType(raw)) ? raw.getName() : canonical(type);
	}

	/**
	 * Return the name of a type with its type arguments, as Java writes it. Jackson's
	 * canonical name contains the types of keys and elements instead.
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
	 * Return a key that is equal for all values of the same type: the class, or the type
	 * if the class does not determine it.
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
	 * Return the type that restores a value.
	 * @throws UnstorableValueException if no such type may be stored
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
				&& !keyTypeIsLost(this.declared, value)) {
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
	 * Return the class of a container that callers cannot distinguish from the value.
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

	private static boolean keyTypeIsLost(JavaType type, Object value) {
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
	 * Add the enum type of an {@code EnumSet} or {@code EnumMap}, or the key class of a
	 * map, if the declared type does not contain it.
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
		if (keyTypeIsLost(type, value) && value instanceof Map<?, ?> map
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
	 * Return the type of a name from a row. All class names in it must be trusted before
	 * a class is loaded.
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
	 * Return the type to write a value as. If another class replaces that of the value,
	 * this is a common interface.
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
	 * Return whether a type can be assigned to a declared type, as far as its type
	 * arguments are known.
	 */
	static boolean fits(JavaType type, JavaType declared) {
		if (!type.isTypeOrSubTypeOf(declared.getRawClass())) {
			return false;
		}
		JavaType superType = type.findSuperType(declared.getRawClass());
		for (int i = 0; i < declared.containedTypeCount(); i++) {
			JavaType argument = (superType != null) ? superType.containedTypeOrUnknown(i) : TypeFactory.unknownType();
			JavaType declaredArgument = declared.containedTypeOrUnknown(i);
			if (!declaredArgument.isJavaLangObject() && !argument.isJavaLangObject()
					&& !fits(argument, declaredArgument)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return whether every value of a type is certain to match the declared type. Without
	 * equal type arguments this is not certain, and the elements must be checked. Entries
	 * that were written before the type was declared have no type arguments.
	 */
	boolean isCertain(JavaType type) {
		if (this.declared == null || this.declared.containedTypeCount() == 0) {
			return true;
		}
		JavaType superType = type.findSuperType(this.declared.getRawClass());
		return superType != null && superType.getBindings().equals(this.declared.getBindings());
	}

	/**
	 * Return whether a value that was read matches the declared type.
	 */
	boolean isDeclared(Object value) {
		return this.declared == null || matches(value, this.declared);
	}

	private static boolean matches(@Nullable Object value, JavaType declared) {
		if (value == null || declared.isJavaLangObject()) {
			return true;
		}
		if (!declared.getRawClass().isInstance(value)) {
			return false;
		}
		if (value instanceof Collection<?> collection && declared.isCollectionLikeType()) {
			return collection.stream().allMatch((element) -> matches(element, declared.getContentType()));
		}
		if (value instanceof Map<?, ?> map && declared.isMapLikeType()) {
			return map.entrySet()
				.stream()
				.allMatch((entry) -> matches(entry.getKey(), declared.getKeyType())
						&& matches(entry.getValue(), declared.getContentType()));
		}
		return true;
	}

	/**
	 * Return whether all classes of a name are trusted. Declared classes are trusted
	 * implicitly.
	 */
	private boolean isTrusted(String name) {
		return this.trustedTypes.containsAll(name, this.declaredClasses);
	}

}
