package io.psqache;

/**
 * A key of a cache.
 *
 * @param lookup what a copy of the entry is found by
 * @param stored the stored form
 */
record CacheKey(Object lookup, String stored) {

}
