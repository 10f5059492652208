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

package io.psqache.internal.load;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Calls the application's code that loads a value.
 */
@FunctionalInterface
public interface Loader {

	/**
	 * Start the load.
	 * @return the value, {@code null} if there is none. An exception of the application's
	 * code fails the future, wrapped in one {@link CompletionException}; it is never
	 * thrown
	 */
	CompletableFuture<? extends @Nullable Object> load();

	/**
	 * Return a blocking loader. Its futures are complete.
	 * @param callable the application's code
	 * @return the loader
	 */
	static Loader of(Callable<? extends @Nullable Object> callable) {
		return () -> {
			try {
				return CompletableFuture.completedFuture(callable.call());
			}
			catch (Throwable ex) {
				return CompletableFuture.failedFuture(new CompletionException(ex));
			}
		};
	}

	/**
	 * Return a non-blocking loader.
	 * @param supplier the application's code
	 * @return the loader
	 */
	static Loader async(Supplier<? extends CompletableFuture<? extends @Nullable Object>> supplier) {
		return () -> {
			try {
				return supplier.get().<@Nullable Object>handle((value, failure) -> {
					if (failure != null) {
						throw new CompletionException(innermost(failure));
					}
					return value;
				});
			}
			catch (Throwable ex) {
				return CompletableFuture.failedFuture(new CompletionException(ex));
			}
		};
	}

	/**
	 * Unwrap a failure that stages of the application may have wrapped several times.
	 */
	private static Throwable innermost(Throwable failure) {
		Throwable innermost = failure;
		while ((innermost instanceof CompletionException || innermost instanceof ExecutionException)
				&& innermost.getCause() != null) {
			innermost = innermost.getCause();
		}
		return innermost;
	}

}
