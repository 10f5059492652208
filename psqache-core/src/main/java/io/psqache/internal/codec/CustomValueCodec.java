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

import java.util.List;

import io.psqache.CacheValueCodec;
import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Adapts a {@link CacheValueCodec} of the application: marks its entries, so that no
 * other codec reads them, and converts its exceptions to {@link StoreException}.
 */
final class CustomValueCodec implements ValueCodec {

	/**
	 * The prefix of the stored type. Class names contain no colon, so no other codec
	 * accepts these entries.
	 */
	private static final String PREFIX = "codec:";

	private final CacheValueCodec codec;

	private final String name;

	private CustomValueCodec(CacheValueCodec codec) {
		this.codec = codec;
		this.name = nameOf(codec);
	}

	/**
	 * Return the codec of a cache.
	 * @return the codec, or {@code null} if the application has none for the cache
	 * @throws IllegalStateException if the application has more than one
	 */
	static @Nullable CustomValueCodec of(String cacheName, List<CacheValueCodec> codecs) {
		List<CacheValueCodec> supporting = codecs.stream().filter((codec) -> codec.supports(cacheName)).toList();
		if (supporting.size() > 1) {
			throw new IllegalStateException(
					"Cache '%s' has no codec, because more than one CacheValueCodec supports it: %s. Have all but one answer false to supports(\"%s\")."
						.formatted(cacheName, supporting.stream().map(CustomValueCodec::nameOf).toList(), cacheName));
		}
		return supporting.isEmpty() ? null : new CustomValueCodec(supporting.get(0));
	}

	private static String nameOf(CacheValueCodec codec) {
		return ClassUtils.getUserClass(codec).getName();
	}

	@Override
	public StoredValue encode(@Nullable Object value) {
		if (value == null) {
			return StoredValue.NULL;
		}
		try {
			return StoredValue.payload(this.codec.encode(value), PREFIX + this.name);
		}
		catch (RuntimeException | StackOverflowError | LinkageError ex) {
			throw unreadable(
					"A value of " + value.getClass().getName() + " is not cached: " + this.name + " cannot encode it.",
					ex);
		}
	}

	@Override
	public @Nullable Object decode(StoredValue stored) {
		if (stored.isNull()) {
			return null;
		}
		byte[] payload = stored.payload();
		if (payload == null || !stored.type().equals(PREFIX + this.name)) {
			throw unreadable("psqache ignores an entry that " + this.name + " did not write.", null);
		}
		Object value;
		try {
			value = this.codec.decode(payload);
		}
		catch (RuntimeException | StackOverflowError | LinkageError ex) {
			throw unreadable("An entry cannot be read: " + this.name + " cannot decode it.", ex);
		}
		if (value == null) { // An application may violate the contract of the interface.
			throw unreadable("An entry cannot be read: " + this.name + " decodes it to null.", null);
		}
		return value;
	}

	private static StoreException unreadable(String message, @Nullable Throwable cause) {
		return new StoreException(FailureCause.UNREADABLE, message, cause);
	}

}
