package io.psqache;

import io.psqache.store.Fence;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * Outcome of a read: a hit with its value, a miss, or a failure, which counts as a miss
 * but tells that another read would be in vain.
 *
 * @param hit the value
 * @param failed whether it failed
 * @param fence what the put must carry that follows; {@code null} if nobody asked, or if
 * it cannot be had: then what is loaded cannot be cached
 */
record Lookup(@Nullable ValueWrapper hit, boolean failed, @Nullable Fence fence) {

	static final Lookup MISS = new Lookup(null, false, null);

	static final Lookup FAILED = new Lookup(null, true, null);

	static Lookup hit(@Nullable Object value) {
		return new Lookup(new SimpleValueWrapper(value), false, null);
	}

}
