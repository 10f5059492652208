package io.psqache.store;

import java.time.Duration;

/**
 * What a cache is.
 *
 * @param namespace the application it belongs to, may be empty
 * @param name its name
 * @param bounds what it may hold, which takes the place of bounds that it had before
 * @param fenceLife how long a load may take whose value is to be cached
 * @param staleness what matters of old entries
 * @param listener is told of changes
 */
public record CacheDefinition(String namespace, String name, Bounds bounds, Duration fenceLife, Staleness staleness,
		ChangeListener listener) {
}
