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

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.psqache.internal.load.Loader;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.support.NullValue;

/**
 * Converts {@link NullValue} to {@code null}, as Spring's own caches do.
 */
public final class NullValues {

	private NullValues() {
	}

	public static @Nullable Object unwrapped(@Nullable Object value) {
		return (value instanceof NullValue) ? null : value;
	}

	public static Loader loader(Callable<? extends @Nullable Object> valueLoader) {
		return Loader.of(() -> unwrapped(valueLoader.call()));
	}

	public static Loader asyncLoader(Supplier<? extends CompletableFuture<? extends @Nullable Object>> valueLoader) {
		return Loader.async(() -> valueLoader.get().thenApply(NullValues::unwrapped));
	}

}
