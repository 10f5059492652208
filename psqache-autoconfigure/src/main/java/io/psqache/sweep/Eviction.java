package io.psqache.sweep;

/**
 * Entries of a cache that are to go because there are too many: all that were not used
 * for long, and a share of those that were not used for nearly as long.
 *
 * @param cacheId the cache
 * @param allMicros the age from which on all go, in microseconds
 * @param someMicros the age from which on a share goes, in microseconds, at most
 * {@code allMicros}
 * @param share that share, from 0 to 1
 */
record Eviction(int cacheId, long allMicros, long someMicros, double share) {

}
