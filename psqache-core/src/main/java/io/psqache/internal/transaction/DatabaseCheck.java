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

package io.psqache.internal.transaction;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.psqache.StoreException;
import io.psqache.internal.store.DatabaseIdentity;
import io.psqache.internal.store.EntryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the connection of a transaction can write the changes of caches,
 * because it reaches the database of the cache:
 * <ol>
 * <li>The identities of the databases are read on the connection and on one of the
 * cache's own connections, and compared.</li>
 * <li>The decision is valid for the physical connection for one minute, because the
 * database of the cache may change in a failover.</li>
 * <li>If a connection does not answer, the last decision remains valid. Without one,
 * changes take effect after the commit.</li>
 * </ol>
 * Thread-safe.
 */
final class DatabaseCheck {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseCheck.class);

	private static final Duration MAX_AGE = Duration.ofMinutes(1);

	private final EntryStore store;

	private final Transactions.Database expected;

	/**
	 * The decisions by physical connection, which is compared by identity.
	 */
	private final Map<Object, Decision> decisions = Collections.synchronizedMap(new WeakHashMap<>());

	private final AtomicBoolean logged = new AtomicBoolean();

	DatabaseCheck(EntryStore store, Transactions.Database expected) {
		this.store = store;
		this.expected = expected;
	}

	boolean isReachedBy(TransactionConnection connection) {
		if (this.expected == Transactions.Database.SAME) {
			return true;
		}
		Object physical = connection.physical();
		if (physical == null) {
			return notReached();
		}
		Decision last = this.decisions.get(physical);
		return (last != null && last.isFresh()) ? last.reached() : decide(connection, physical, last);
	}

	private boolean decide(TransactionConnection connection, Object physical, @Nullable Decision last) {
		try {
			DatabaseIdentity own = this.store.databaseIdentity().await();
			DatabaseIdentity other = connection.call(DatabaseIdentity::of);
			boolean reached = own.isSameDatabase(other)
					&& (this.expected != Transactions.Database.COMPARED_WITH_ROLE || own.role().equals(other.role()));
			this.decisions.put(physical, new Decision(reached, System.nanoTime()));
			return reached || notReached();
		}
		catch (StoreException ex) {
			logger.debug("The database of a transaction cannot be compared with that of the cache", ex);
			return last != null && last.reached();
		}
	}

	private boolean notReached() {
		if (this.logged.compareAndSet(false, true)) {
			logger.info("psqache changes caches right after the commit for transactions on another database, "
					+ "or with a role that cannot write to the cache's schema.");
		}
		return false;
	}

	private record Decision(boolean reached, long at) {

		boolean isFresh() {
			return System.nanoTime() - this.at < MAX_AGE.toNanos();
		}

	}

}
