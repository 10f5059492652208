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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.psqache.OperationKind;
import io.psqache.internal.engine.Operation;
import io.psqache.internal.engine.RequestQueue;
import io.psqache.internal.engine.Session;
import org.jspecify.annotations.Nullable;

/**
 * Removes an entry and tells whether there was one. Of two evictions of one key in a
 * statement the first tells the truth, and the second finds nothing.
 */
class Evict extends EntryOperation<Boolean> {

	private final EntryEvictions evictions;

	private final @Nullable String transactionId;

	private final @Nullable List<LeaseHolder> suspended;

	/**
	 * Create an eviction.
	 * @param transactionId the transaction on whose behalf; {@code null} for none
	 * @param suspended the leases that are suspended; {@code null} if the transaction
	 * suspends them
	 */
	Evict(RequestQueue queue, EntryEvictions evictions, CacheHandle cache, String key, @Nullable String transactionId,
			@Nullable List<LeaseHolder> suspended) {
		super(queue, OperationKind.EVICT, cache, key);
		this.evictions = evictions;
		this.transactionId = transactionId;
		this.suspended = suspended;
	}

	@Override
	protected boolean sharesStatementWith(Operation<?> other) {
		return super.sharesStatementWith(other) && Objects.equals(((Evict) other).transactionId, this.transactionId)
				&& Objects.equals(((Evict) other).suspended, this.suspended);
	}

	@Override
	protected void changed(boolean isCertain) {
		cache().changed(key(), isCertain);
	}

	@Override
	protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
		List<Evict> evicts = typed(all);
		Set<String> keys = new LinkedHashSet<>();
		evicts.forEach((evict) -> keys.add(evict.key()));
		Set<String> present = evict(session, keys);
		evicts.forEach((evict) -> evict.succeed(present.remove(evict.key())));
	}

	/**
	 * Remove the entries.
	 * @return the keys that were present, for the caller to change
	 */
	Set<String> evict(Session session, Set<String> keys) throws SQLException {
		return this.evictions.evict(session, cache(), keys, this.transactionId, this.suspended);
	}

	final EntryEvictions evictions() {
		return this.evictions;
	}

	final @Nullable List<LeaseHolder> suspended() {
		return this.suspended;
	}

}
