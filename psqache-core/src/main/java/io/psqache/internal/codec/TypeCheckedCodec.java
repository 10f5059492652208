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

import io.psqache.FailureCause;
import io.psqache.StoreException;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Treats entries of another type than that of the cache as unreadable: a read is then a
 * miss, instead of a {@code ClassCastException} in the caller. The JSON codec checks
 * types itself, but a codec of the application does not. Thread-safe.
 */
final class TypeCheckedCodec implements ValueCodec {

	private final ValueCodec codec;

	private final Class<?> type;

	TypeCheckedCodec(ValueCodec codec, Class<?> type) {
		this.codec = codec;
		this.type = type;
	}

	@Override
	public StoredValue encode(@Nullable Object value) {
		return this.codec.encode(value);
	}

	@Override
	public @Nullable Object decode(StoredValue stored) {
		Object value = this.codec.decode(stored);
		if (value != null && !this.type.isInstance(value)) {
			throw new StoreException(FailureCause.UNREADABLE,
					("psqache ignores an entry of type %s, because the cache is open for values of %s. "
							+ "Use another cache for the code that writes it.")
						.formatted(value.getClass().getName(), this.type.getName()),
					null);
		}
		return value;
	}

}
