package io.psqache.sample;

import org.jspecify.annotations.Nullable;

/**
 * An entry as it lies in PostgreSQL.
 *
 * @param cache name of the cache
 * @param key the key as it is stored
 * @param value the value as it is stored: JSON, {@code null} for a cached null
 * @param type what the value is read back as
 * @param secondsLeft until it expires, {@code null} for never
 */
record CacheEntry(String cache, String key, @Nullable String value, String type, @Nullable Double secondsLeft) {
}
