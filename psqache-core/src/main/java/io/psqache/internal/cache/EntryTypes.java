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

package io.psqache.internal.cache;

import java.lang.reflect.Type;

import io.psqache.internal.codec.DeclaredType;

import org.springframework.core.ResolvableType;

/**
 * The types of keys and values of an open typed cache.
 *
 * @param keyType the type of the keys, not primitive
 * @param valueType the type of the values, not primitive
 */
record EntryTypes(Type keyType, Type valueType) {

	EntryTypes {
		keyType = checked(keyType);
		valueType = checked(valueType);
	}

	/**
	 * Return the canonical form of a type, so that equivalent types are equal.
	 */
	static Type checked(Type type) {
		Type known = (type == Object.class) ? type : DeclaredType.of(ResolvableType.forType(type));
		if (known == null) {
			throw new IllegalArgumentException("psqache cannot open a cache for " + type.getTypeName()
					+ ", because it contains a type variable or wildcard. Specify a concrete class.");
		}
		return known;
	}

	Class<?> valueClass() {
		return ResolvableType.forType(this.valueType).toClass();
	}

	@Override
	public String toString() {
		return "keys of %s and values of %s".formatted(this.keyType.getTypeName(), this.valueType.getTypeName());
	}

}
