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

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import io.psqache.CacheValueCodec;
import io.psqache.PsqacheJsonMapperCustomizer;
import io.psqache.Storage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Creates the codecs of caches. The JSON mappers are psqache's own, so that settings of
 * the application's mapper do not change the stored JSON. The codecs instantiate only
 * objects of {@linkplain TrustedTypes trusted} and declared classes. Thread-safe.
 */
public final class ValueCodecs {

	private final TrustedTypes trustedTypes;

	private final List<CacheValueCodec> customCodecs;

	private final boolean verifyRoundTrip;

	private final JsonMapper plain;

	private final JsonMapper tagging;

	/**
	 * Create an instance without customizers and custom codecs.
	 * @param trustedTypes the classes that may be stored
	 * @param classLoader loads these classes; {@code null} for the default class loader
	 */
	public ValueCodecs(TrustedTypes trustedTypes, @Nullable ClassLoader classLoader) {
		this(trustedTypes, classLoader, List.of(), List.of(), false);
	}

	/**
	 * Create a new instance.
	 * @param trustedTypes the classes that may be stored
	 * @param classLoader loads these classes; {@code null} for the default class loader
	 * @param customizers applied to the mapper in this order, before psqache's own
	 * settings
	 * @param customCodecs replace JSON for the caches that they support
	 * @param verifyRoundTrip whether each value is read back and compared before it is
	 * stored
	 */
	public ValueCodecs(TrustedTypes trustedTypes, @Nullable ClassLoader classLoader,
			Collection<PsqacheJsonMapperCustomizer> customizers, Collection<CacheValueCodec> customCodecs,
			boolean verifyRoundTrip) {
		ClassLoader loader = (classLoader != null) ? classLoader : ClassUtils.getDefaultClassLoader();
		this.trustedTypes = trustedTypes;
		this.customCodecs = List.copyOf(customCodecs);
		this.verifyRoundTrip = verifyRoundTrip;
		this.plain = Mappers.plain(trustedTypes, loader, customizers);
		this.tagging = Mappers.tagging(this.plain, trustedTypes);
	}

	/**
	 * Create the codec of a cache.
	 * @param cacheName the name of the cache
	 * @param storage the column for its values
	 * @param declaredType the type of its values; {@code null} if it is not known
	 * @return the codec
	 * @throws IllegalStateException if more than one custom codec supports the cache
	 */
	public ValueCodec codec(String cacheName, Storage storage, @Nullable Type declaredType) {
		ValueCodec custom = CustomValueCodec.of(cacheName, this.customCodecs);
		ValueCodec codec = (custom != null) ? custom : jsonCodec(storage, declaredType);
		return this.verifyRoundTrip ? new VerifyingValueCodec(cacheName, codec, this.tagging, proof(Integer.MAX_VALUE))
				: codec;
	}

	/**
	 * Create the codec of a cache before the type of its values is known.
	 * @param cacheName the name of the cache
	 * @param storage the column for its values
	 * @param declaredType returns the type of its values, or {@code null} if it is not
	 * known; called at the first value, possibly by several threads
	 * @return the codec, whose first use fails where {@link #codec} fails
	 */
	public ValueCodec lazyCodec(String cacheName, Storage storage, Supplier<@Nullable Type> declaredType) {
		return new LazyValueCodec(() -> codec(cacheName, storage, declaredType.get()));
	}

	/**
	 * Create the codec of a cache that is opened for values of one type. Entries of
	 * another type are unreadable.
	 * @param cacheName the name of the cache
	 * @param storage the column for its values
	 * @param type the type of its values, not primitive
	 * @return the codec
	 * @throws IllegalStateException if more than one custom codec supports the cache
	 */
	public ValueCodec typedCodec(String cacheName, Storage storage, Type type) {
		return new TypeCheckedCodec(codec(cacheName, storage, type), ResolvableType.forType(type).toClass());
	}

	private ValueCodec jsonCodec(Storage storage, @Nullable Type declaredType) {
		JavaType declared = (declaredType != null) ? this.tagging.constructType(DeclaredType.boxed(declaredType))
				: null;
		return new JsonValueCodec(this.plain, this.tagging, storage,
				new ValueTypes(this.trustedTypes, this.tagging.getTypeFactory(), declared),
				this.verifyRoundTrip ? null : proof(Proof.SAMPLE));
	}

	private Proof proof(int maxObjects) {
		return new Proof(this.plain, this.tagging, this.trustedTypes, maxObjects);
	}

}
