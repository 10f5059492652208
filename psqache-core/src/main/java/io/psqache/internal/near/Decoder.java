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

package io.psqache.internal.near;

import io.psqache.StoreException;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * Converts stored values to objects for one view of a cache. Two views may create
 * different objects from the same entry, so an object is shared only among callers that
 * use the same decoder.
 */
@FunctionalInterface
public interface Decoder {

	/**
	 * Decode a stored value.
	 * @param stored the stored value
	 * @return the value
	 * @throws StoreException if this view cannot convert it
	 */
	@Nullable Object decode(StoredValue stored);

}
