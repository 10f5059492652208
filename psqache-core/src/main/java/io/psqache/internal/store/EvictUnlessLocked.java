/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import io.psqache.internal.engine.RequestQueue;
import io.psqache.internal.engine.Session;

/**
 * Removes an entry, unless a transaction has locked it. For callers that are in a
 * transaction, which may be that one: to wait for it would be in vain.
 */
final class EvictUnlessLocked extends Evict {

	EvictUnlessLocked(RequestQueue queue, EntryEvictions evictions, CacheHandle cache, String key,
			List<LeaseHolder> suspended) {
		super(queue, evictions, cache, key, null, suspended);
	}

	@Override
	Set<String> evict(Session session, Set<String> keys) throws SQLException {
		return evictions().evictUnlessLocked(session, cache(), keys, suspended());
	}

}
