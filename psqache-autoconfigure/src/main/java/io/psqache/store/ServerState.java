package io.psqache.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a probe found behind the connections.
 *
 * @param serverVersion version of PostgreSQL, as it says it
 * @param standby whether the server is in recovery: it can hold no cache then
 * @param unlogged whether {@code cache_entry} is UNLOGGED; {@code null} when there is no
 * such table
 * @param schemaVersion version of psqache's schema; {@code null} when it cannot be read
 * @param caches number of caches in the application's namespace; {@code null} likewise
 * @param roundTrip time that one statement took, seen from here
 */
public record ServerState(String serverVersion, boolean standby, @Nullable Boolean unlogged,
		@Nullable Integer schemaVersion, @Nullable Integer caches, Duration roundTrip) {

	/**
	 * Whether the schema is missing.
	 * @return {@code true} if there is no {@code cache_entry} table
	 */
	public boolean schemaMissing() {
		return this.unlogged == null;
	}

}
