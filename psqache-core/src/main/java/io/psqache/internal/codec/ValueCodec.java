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
 * Converts the values of one cache to their stored form and back. Thread-safe.
 */
public interface ValueCodec {

	/**
	 * Convert a value to its stored form.
	 * @param value the value, may be {@code null}
	 * @return the stored form
	 * @throws StoreException with {@link FailureCause#UNREADABLE} if the value has no
	 * stored form that can be read back; the message names the class and the remedy
	 */
	StoredValue encode(@Nullable Object value);

	/**
	 * Convert a stored form to its value.
	 * @param stored the stored form
	 * @return the value, {@code null} for a cached {@code null}
	 * @throws StoreException with {@link FailureCause#UNREADABLE} if the entry cannot be
	 * read, or is not trusted
	 */
	@Nullable Object decode(StoredValue stored);

}
