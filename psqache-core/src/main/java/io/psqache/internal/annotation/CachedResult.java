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

package io.psqache.internal.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.psqache.internal.codec.DeclaredType;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * Determines the type that Spring's interceptor caches for a method. It unwraps
 * {@code Optional}, {@code CompletableFuture}, {@code Mono} and, as a list, {@code Flux}.
 * Only the outermost wrapper is unwrapped, as in the interceptor.
 */
final class CachedResult {

	/**
	 * The reactive types; empty if the class path has none.
	 */
	private static final ReactiveAdapterRegistry reactiveTypes = ReactiveAdapterRegistry.getSharedInstance();

	private CachedResult() {
	}

	/**
	 * Return the cached type.
	 * @param method a method
	 * @param targetClass the class of the bean, which may resolve type variables
	 * @return the type, {@code Object} if it cannot be resolved; {@code null} for a
	 * method without a result
	 */
	static @Nullable Type of(Method method, Class<?> targetClass) {
		ResolvableType cached = unwrapped(ResolvableType.forMethodReturnType(method, targetClass));
		if (cached == null || cached.resolve() == void.class || cached.resolve() == Void.class) {
			return null;
		}
		return Objects.requireNonNullElse(DeclaredType.of(cached), Object.class);
	}

	private static @Nullable ResolvableType unwrapped(ResolvableType returned) {
		Class<?> raw = returned.resolve(Object.class);
		if (raw == Optional.class) {
			return returned.getGeneric(0);
		}
		if (CompletableFuture.class.isAssignableFrom(raw)) {
			return returned.as(CompletableFuture.class).getGeneric(0);
		}
		ReactiveAdapter adapter = reactiveTypes.getAdapter(raw);
		if (adapter == null) {
			return returned;
		}
		if (adapter.isNoValue()) {
			return null;
		}
		ResolvableType published = returned.as(adapter.getReactiveType()).getGeneric(0);
		return adapter.isMultiValue() ? ResolvableType.forClassWithGenerics(List.class, published) : published;
	}

}
