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

import io.psqache.internal.store.EntryAge;
import io.psqache.internal.store.Fence;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Outcome of a read: a hit with its value, a miss, or a failure, which counts as a miss
 * but tells that another read would be in vain.
 *
 * @param hit the value
 * @param failed whether it failed
 * @param fence what the put must carry that follows; {@code null} if it was not asked
 * for, or cannot be had: then what is loaded cannot be cached
 * @param age how old the entry is; {@code null} where that does not matter
 */
public record Lookup(@Nullable ValueWrapper hit, boolean failed, @Nullable Fence fence, @Nullable EntryAge age) {

	/**
	 * A miss without a fence.
	 */
	public static final Lookup MISS = miss(null);

	/**
	 * A failure without a fence.
	 */
	public static final Lookup FAILED = failed(null);

	/**
	 * A hit.
	 * @param value the value
	 * @param age how old the entry is; {@code null} where that does not matter
	 * @return the hit
	 */
	public static Lookup hit(ValueWrapper value, @Nullable EntryAge age) {
		return new Lookup(value, false, null, age);
	}

	/**
	 * A miss.
	 * @param fence what the put must carry that follows; {@code null} if there is none
	 * @return the miss
	 */
	public static Lookup miss(@Nullable Fence fence) {
		return new Lookup(null, false, fence, null);
	}

	/**
	 * A failure.
	 * @param fence what the put must carry that follows; {@code null} if there is none
	 * @return the failure
	 */
	public static Lookup failed(@Nullable Fence fence) {
		return new Lookup(null, true, fence, null);
	}

}
