package io.psqache.store;

/**
 * Entries of a cache that are to go because there are too many: all that were not used
 * for long, and a share of those that were not used for nearly as long.
 *
 * @param cacheId the cache
 * @param since the time of the database's clock that the ages are counted from
 * @param allMillis the age from which on all go
 * @param someMillis the age from which on a share goes, at most {@code allMillis}
 * @param share that share, from 0 to 1
 */
record Eviction(int cacheId, String since, long allMillis, long someMillis, double share) {

}
