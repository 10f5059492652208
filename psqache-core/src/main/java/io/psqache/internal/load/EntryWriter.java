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
 * Writes what was loaded into one cache. A write that fails writes nothing, and the load
 * goes on as if it had succeeded. Thread-safe.
 */
public interface EntryWriter {

	/**
	 * Write what was loaded after a miss, unless the entry was evicted or overwritten
	 * since, or the cache cleared. A value that is not to be cached replaces nothing.
	 * @param key the stored key
	 * @param value the value, {@code null} if the loader found none
	 * @param fence what the miss could see; {@code null} if that is not known
	 * @param mode whether to wait
	 * @return completes when the value is written, refused, or has failed; {@code false}
	 * if a later change is known to have been in the way
	 */
	CompletableFuture<Boolean> loaded(String key, @Nullable Object value, @Nullable Fence fence, CallMode mode);

}
