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

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;
import tools.jackson.databind.type.TypeModifier;
import tools.jackson.databind.util.LookupCache;
import tools.jackson.databind.util.SimpleLookupCache;

/**
 * Loads classes without initializing them, so that untrusted classes run no code. For a
 * type with its own {@code @JsonTypeInfo}, Jackson loads all classes of a generic name
 * before it checks whether they are trusted.
 */
@SuppressWarnings("serial")
final class IdleTypeFactory extends TypeFactory {

	IdleTypeFactory(@Nullable ClassLoader classLoader) {
		this(new SimpleLookupCache<>(16, DEFAULT_MAX_CACHE_SIZE), null, classLoader);
	}

	@SuppressWarnings("NullAway") // Jackson has no nullness annotations.
	private IdleTypeFactory(LookupCache<Object, JavaType> types, TypeModifier @Nullable [] modifiers,
			@Nullable ClassLoader classLoader) {
		super(types, modifiers, classLoader);
	}

	@Override
	public TypeFactory snapshot() {
		return new IdleTypeFactory(this._typeCache.snapshot(), this._modifiers, this._classLoader);
	}

	@Override
	public TypeFactory withModifier(TypeModifier modifier) {
		TypeModifier[] modifiers = (this._modifiers != null)
				? Arrays.copyOf(this._modifiers, this._modifiers.length + 1) : new TypeModifier[1];
		modifiers[modifiers.length - 1] = modifier;
		return new IdleTypeFactory(this._typeCache.emptyCopy(), modifiers, this._classLoader);
	}

	@Override
	protected Class<?> classForName(String name, boolean initialize, ClassLoader classLoader)
			throws ClassNotFoundException {
		return Class.forName(name, false, classLoader);
	}

	@Override
	protected Class<?> classForName(String name) throws ClassNotFoundException {
		return Class.forName(name, false, IdleTypeFactory.class.getClassLoader());
	}

}
