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

package io.psqache.internal.store;

import org.jspecify.annotations.Nullable;

/**
 * What a put writes.
 *
 * @param value the value
 * @param lifetime how long it lives from when it is written
 * @param fence what the read before it could see, if it follows a miss: it is refused
 * when the entry was evicted or overwritten since, or the cache cleared. {@code null} if
 * it is to be written whatever was there
 */
public record NewEntry(StoredValue value, Lifetime lifetime, @Nullable Fence fence) {

	/**
	 * An entry that is written whatever was there.
	 * @param value the value
	 * @param lifetime how long it lives from when it is written
	 */
	public NewEntry(StoredValue value, Lifetime lifetime) {
		this(value, lifetime, null);
	}

}
