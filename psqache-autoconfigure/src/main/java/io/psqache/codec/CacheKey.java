package io.psqache.codec;

/**
 * A key of a cache.
 *
 * @param lookup what a copy of the entry is found by
 * @param stored the stored form
 */
public record CacheKey(Object lookup, String stored) {

}
