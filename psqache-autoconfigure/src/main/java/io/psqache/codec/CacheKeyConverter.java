package io.psqache.codec;

import org.jspecify.annotations.Nullable;

/**
 * Makes a key that has no stable JSON form into something that has one: a string, a
 * number, a record, a list of such. It is asked for every key, and for each argument of a
 * method with several ({@code SimpleKey}), but not for what is inside of these. Beans of
 * this type are asked in their order; the first answer counts and is not converted again.
 * <p>
 * Two keys are the same if their conversions are. Implementations must be thread-safe and
 * quick, and answer alike in every instance of the application. What they throw reaches
 * the caller of the cache.
 */
@FunctionalInterface
public interface CacheKeyConverter {

	/**
	 * Convert a key.
	 * @param key the key, or one argument of it
	 * @return what to store instead, or {@code null} to leave the key to the next
	 * converter
	 */
	@Nullable Object convert(Object key);

}
