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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.psqache.TypedCache;
import io.psqache.internal.codec.ValueCodecs;

/**
 * Opens typed caches, one per cache. A cache can be opened again only with the same
 * types, because values of other types would be unreadable. Thread-safe.
 */
public final class TypedCaches {

	private final ValueCodecs values;

	private final ConcurrentMap<String, PostgresTypedCache<?, ?>> opened = new ConcurrentHashMap<>();

	public TypedCaches(ValueCodecs values) {
		this.values = values;
	}

	/**
	 * Open a cache, or return the one that is open for the same types.
	 */
	@SuppressWarnings("unchecked") // the types are equal
	public <K, V> TypedCache<K, V> open(CacheCore cache, Type keyType, Type valueType) {
		EntryTypes types = new EntryTypes(keyType, valueType);
		requireConfigured(cache, types.valueType());
		PostgresTypedCache<?, ?> present = this.opened.computeIfAbsent(cache.name(),
				(name) -> new PostgresTypedCache<>(cache,
						this.values.typedCodec(name, cache.settings().storage(), types.valueType()), types));
		if (!present.types().equals(types)) {
			throw new IllegalStateException(
					("Cache '%s' cannot be opened for %s, because it is already open for %s. Open it for "
							+ "the same types everywhere, or use another cache for one of them.")
						.formatted(cache.name(), types, present.types()));
		}
		return (TypedCache<K, V>) present;
	}

	private static void requireConfigured(CacheCore cache, Type valueType) {
		Type configured = cache.settings().type();
		if (configured != null && !EntryTypes.checked(configured).equals(valueType)) {
			throw new IllegalStateException(
					("Cache '%s' cannot be opened for values of %s, because psqache.caches.%1$s.type is "
							+ "%s. Use the same type in both places.")
						.formatted(cache.name(), valueType.getTypeName(), configured.getTypeName()));
		}
	}

}
