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

import java.util.function.Supplier;

import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Has a cache made before the type of its values is known: the codec is made at the first
 * value. Thread-safe. No caller waits for another's, since to make one asks the
 * application for types, which may take its locks: several may be made at once, and one
 * is kept.
 */
final class LazyValueCodec implements ValueCodec {

	private final Supplier<ValueCodec> maker;

	private volatile @Nullable ValueCodec codec;

	LazyValueCodec(Supplier<ValueCodec> maker) {
		this.maker = maker;
	}

	@Override
	public StoredValue encode(@Nullable Object value) {
		return codec().encode(value);
	}

	@Override
	public @Nullable Object decode(StoredValue stored) {
		return codec().decode(stored);
	}

	private ValueCodec codec() {
		ValueCodec made = this.codec;
		if (made == null) {
			made = this.maker.get();
			this.codec = made;
		}
		return made;
	}

}
