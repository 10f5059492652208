package io.psqache;

import io.psqache.store.EntryAge;
import io.psqache.store.Fence;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;

/**
 * Outcome of a read: a hit with its value, a miss, or a failure, which counts as a miss
 * but tells that another read would be in vain.
 *
 * @param hit the value
 * @param failed whether it failed
 * @param fence what the put must carry that follows; {@code null} if nobody asked, or if
 * it cannot be had: then what is loaded cannot be cached
 * @param age how old the entry is; {@code null} where that does not matter
 */
record Lookup(@Nullable ValueWrapper hit, boolean failed, @Nullable Fence fence, @Nullable EntryAge age) {

	static final Lookup MISS = miss(null);

	static final Lookup FAILED = failed(null);

	static Lookup hit(ValueWrapper value, @Nullable EntryAge age) {
		return new Lookup(value, false, null, age);
	}

	static Lookup miss(@Nullable Fence fence) {
		return new Lookup(null, false, fence, null);
	}

	static Lookup failed(@Nullable Fence fence) {
		return new Lookup(null, true, fence, null);
	}

}
