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
 * Creates the codec of a cache at its first value, because the type of the values may not
 * be known when the cache is created. Callers do not wait for each other: the creation
 * asks the application for types, which may take its locks. Several threads may create a
 * codec; the last one is kept. Thread-safe.
 */
final class LazyValueCodec implements ValueCodec {

	private final Supplier<ValueCodec> factory;

	private volatile @Nullable ValueCodec codec;

	LazyValueCodec(Supplier<ValueCodec> factory) {
		this.factory = factory;
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
		ValueCodec current = this.codec;
		if (current == null) {
			current = this.factory.get();
			this.codec = current;
		}
		return current;
	}

}
