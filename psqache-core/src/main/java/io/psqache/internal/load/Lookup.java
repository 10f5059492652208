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
 * The outcome of a read: a hit with its value, a miss, or a failure. A failure counts as
 * a miss and shows that another read would fail too.
 *
 * @param hit the value; {@code null} unless the read is a hit
 * @param failed whether the read failed
 * @param fence the fence for the following put; {@code null} if none was requested or
 * available, then a loaded value cannot be cached
 * @param age the age of the entry; {@code null} if it is not needed
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
	 * Create a hit.
	 * @param value the value
	 * @param age the age of the entry; {@code null} if it is not needed
	 * @return the hit
	 */
	public static Lookup hit(ValueWrapper value, @Nullable EntryAge age) {
		return new Lookup(value, false, null, age);
	}

	/**
	 * Create a miss.
	 * @param fence the fence for the following put; {@code null} if there is none
	 * @return the miss
	 */
	public static Lookup miss(@Nullable Fence fence) {
		return new Lookup(null, false, fence, null);
	}

	/**
	 * Create a failure.
	 * @param fence the fence for the following put; {@code null} if there is none
	 * @return the failure
	 */
	public static Lookup failed(@Nullable Fence fence) {
		return new Lookup(null, true, fence, null);
	}

}
