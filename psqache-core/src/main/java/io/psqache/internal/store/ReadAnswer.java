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
 * What a read found: an entry, or none and, if it was asked for, the fence for the put
 * that follows.
 */
public interface ReadAnswer {

	/**
	 * The value of the entry.
	 * @return {@code null} if there is none or it has expired
	 */
	@Nullable StoredValue present();

	/**
	 * What the read could see if there was no entry.
	 * @return {@code null} if there was one, or no fence was asked for
	 */
	default @Nullable Fence fence() {
		return null;
	}

	/**
	 * How old the entry is.
	 * @return {@code null} where that does not matter
	 */
	default @Nullable EntryAge age() {
		return null;
	}

	/**
	 * An entry that need not be read.
	 * @param present its value; {@code null} for a miss
	 * @param fence the fence of a miss, if any
	 * @return the answer
	 */
	static ReadAnswer of(@Nullable StoredValue present, @Nullable Fence fence) {
		return new KnownAnswer(present, fence);
	}

	/**
	 * An answer that is known without a read.
	 *
	 * @param present the value of the entry
	 * @param fence the fence of a miss
	 */
	record KnownAnswer(@Nullable StoredValue present, @Nullable Fence fence) implements ReadAnswer {
	}

}
