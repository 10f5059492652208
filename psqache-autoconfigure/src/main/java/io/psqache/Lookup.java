package io.psqache;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * Outcome of a read: a hit with its value, a miss, or a failure, which counts as a miss
 * but tells that another read would be in vain.
 */
record Lookup(@Nullable ValueWrapper hit, boolean failed) {

	static final Lookup MISS = new Lookup(null, false);

	static final Lookup FAILED = new Lookup(null, true);

	static Lookup hit(@Nullable Object value) {
		return new Lookup(new SimpleValueWrapper(value), false);
	}

}
