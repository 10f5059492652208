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

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Creates the type of a cache's values from a property or from the return type of a
 * method. Types with the same meaning are equal.
 */
public final class DeclaredType {

	private DeclaredType() {
	}

	/**
	 * Parse a type that is written as in Java, with the full names of classes:
	 * {@code java.util.Map<java.lang.String, com.acme.User[]>}.
	 * @param text the text
	 * @param classLoader loads the classes; {@code null} for the default class loader
	 * @return the type; for a primitive type, its wrapper
	 * @throws IllegalArgumentException if the text is not a type; the message is a
	 * sentence with the reason
	 */
	public static Type parse(String text, @Nullable ClassLoader classLoader) {
		return boxed(new TypeText(text, classLoader).parse());
	}

	/**
	 * Return a type with its variables and wildcards resolved, or replaced by their
	 * bounds.
	 * @param type a type in its context
	 * @return the type, for a primitive type its wrapper; {@code null} if it can be any
	 * type
	 */
	public static @Nullable Type of(ResolvableType type) {
		return of(type, Set.of());
	}

	/**
	 * Resolve a type.
	 * @param outer the types that contain it: the bound of a variable may refer to the
	 * variable
	 */
	private static @Nullable Type of(ResolvableType type, Set<Type> outer) {
		Class<?> raw = type.resolve();
		if (raw == null || raw == Object.class || outer.contains(type.getType())) {
			return null;
		}
		if (type.getType() instanceof Class) {
			return boxed(raw);
		}
		Set<Type> inner = new HashSet<>(outer);
		inner.add(type.getType());
		if (type.isArray()) {
			Type component = raw.getComponentType().isPrimitive() ? null : of(type.getComponentType(), inner);
			return (component != null) ? arrayOf(component) : raw;
		}
		Type[] arguments = Arrays.stream(type.getGenerics())
			.map((argument) -> of(argument, inner))
			.toArray(Type[]::new);
		return Arrays.stream(arguments).allMatch(Objects::isNull) ? raw : generic(raw, arguments);
	}

	static Type generic(Class<?> raw, @Nullable Type... arguments) {
		ResolvableType[] generics = Arrays.stream(arguments)
			.map((argument) -> ResolvableType.forType((argument != null) ? argument : Object.class))
			.toArray(ResolvableType[]::new);
		return ResolvableType.forClassWithGenerics(raw, generics).getType();
	}

	static Type arrayOf(Type component) {
		return (component instanceof Class<?> raw) ? raw.arrayType() : new ArrayOf(component);
	}

	static Type boxed(Type type) {
		return (type instanceof Class<?> raw) ? ClassUtils.resolvePrimitiveIfNecessary(raw) : type;
	}

	/**
	 * An array of a generic type.
	 */
	private record ArrayOf(Type getGenericComponentType) implements GenericArrayType {

		@Override
		public String getTypeName() {
			return this.getGenericComponentType.getTypeName() + "[]";
		}

		@Override
		public String toString() {
			return getTypeName();
		}

	}

}
