package io.psqache.store;

import java.sql.SQLException;
import java.util.Set;

import io.psqache.engine.RequestQueue;
import io.psqache.engine.Session;

/**
 * Removes an entry, unless a transaction has locked it. For callers that are in a
 * transaction, which may be that one: to wait for it would be in vain.
 */
final class EvictUnlessLocked extends Evict {

	EvictUnlessLocked(RequestQueue queue, EntryEvictions evictions, CacheHandle cache, String key) {
		super(queue, evictions, cache, key, null);
	}

	@Override
	Set<String> evict(Session session, Set<String> keys) throws SQLException {
		return evictions().evictUnlessLocked(session, cache(), keys);
	}

}
