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

import java.util.concurrent.CompletableFuture;

import io.psqache.internal.engine.CallMode;
import io.psqache.internal.store.Fence;
import org.jspecify.annotations.Nullable;

/**
 * Writes loaded values into one cache. A failed write leaves the value uncached and does
 * not fail the load. Thread-safe.
 */
public interface EntryWriter {

	/**
	 * Write a loaded value, unless the entry was evicted or overwritten, or the cache
	 * cleared, after the fence was taken. A value that must not be cached does not
	 * replace an entry.
	 * @param key the stored key
	 * @param value the value, {@code null} if the loader found none
	 * @param fence the fence of the miss; {@code null} if it has none, then the value is
	 * not cached
	 * @param mode whether to wait
	 * @return completes when the write has succeeded, was refused or has failed;
	 * {@code false} if a known later change caused the refusal
	 */
	CompletableFuture<Boolean> loaded(String key, @Nullable Object value, @Nullable Fence fence, CallMode mode);

}
