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
 * The values of one cache to their stored form and back. Thread-safe.
 */
public interface ValueCodec {

	/**
	 * The stored form of a value.
	 * @param value the value, may be {@code null}
	 * @return the stored form
	 * @throws StoreException with {@link FailureCause#UNREADABLE} if it has no stored
	 * form that could be read back; the message says which class and what to do
	 */
	StoredValue encode(@Nullable Object value);

	/**
	 * The value of a stored form.
	 * @param stored the stored form
	 * @return the value, {@code null} for a cached {@code null}
	 * @throws StoreException with {@link FailureCause#UNREADABLE} if it cannot be read,
	 * or must not
	 */
	@Nullable Object decode(StoredValue stored);

}
