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

package io.psqache.internal.load;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.psqache.OperationKind;
import io.psqache.internal.engine.Call;
import io.psqache.internal.engine.Operation;
import io.psqache.internal.engine.Session;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.EntryOperation;
import io.psqache.internal.store.EntryStore;

/**
 * Grants one instance at a time the right to load a key. A lease is a row in the table
 * {@code load}, valid until a time by the database's clock.
 * <ol>
 * <li>Before a load, an instance takes the lease of the key, unless a peer holds it.</li>
 * <li>While the loader runs, the instance renews the lease. The lease does not depend on
 * a connection, lock or session.</li>
 * <li>When the value is stored, or the loader has failed, the instance releases the
 * lease.</li>
 * <li>If the instance dies, the lease lapses, and a peer can take it.</li>
 * </ol>
 * A lease only avoids duplicate work and is not a lock. The fence decides whether a value
 * may be stored. Thread-safe.
 */
public final class LoadLeases {

	/**
	 * How long a lease lasts without renewal, and therefore how long peers wait for an
	 * instance that has died.
	 */
	public static final Duration LIFE = Duration.ofSeconds(5);

	/**
	 * Looks up the present holder first, because {@code on conflict} would lock the row
	 * even if a peer holds the lease.
	 */
	private static final String TAKE = """
			insert into ${schema}.load as present (cache_id, key, holder, taken_at, held_until)
			select mine.cache_id, wanted.key, mine.holder, now(), now() + mine.micros * interval '1 microsecond'
			from (values (?::int, ?::uuid, ?::bigint)) as mine (cache_id, holder, micros),
			  unnest(?::text[]) as wanted (key)
			where not exists (
			  select from ${schema}.load other
			  where other.cache_id = mine.cache_id and other.key = wanted.key and other.held_until > now()
			)
			on conflict (cache_id, key) do update
			set holder = excluded.holder, taken_at = excluded.taken_at, held_until = excluded.held_until
			where present.held_until <= excluded.taken_at
			returning key
			""";

	private static final String RENEW = """
			update ${schema}.load
			set held_until = now() + mine.micros * interval '1 microsecond'
			from (values (?::int, ?::uuid, ?::bigint)) as mine (cache_id, holder, micros)
			where load.cache_id = mine.cache_id and load.holder = mine.holder and load.key = any (?)
			returning key
			""";

	private static final String RELEASE = """
			delete from ${schema}.load
			using (values (?::int, ?::uuid, ?::bigint)) as mine (cache_id, holder, micros)
			where load.cache_id = mine.cache_id and load.holder = mine.holder and load.key = any (?)
			returning key
			""";

	private final UUID holder = UUID.randomUUID();

	private final EntryStore store;

	/**
	 * Create a new instance.
	 * @param store the store that contains the leases
	 */
	public LoadLeases(EntryStore store) {
		this.store = store;
	}

	/**
	 * Take the lease of a load.
	 * @param cache the cache
	 * @param key the key
	 * @return whether this call acquired the lease; {@code false} also if this instance
	 * already holds it
	 */
	public Call<Boolean> take(CacheHandle cache, String key) {
		return new Change(cache, key, TAKE);
	}

	/**
	 * Extend the lease to {@link #LIFE} from now.
	 * @param cache the cache
	 * @param key the key
	 * @return whether this instance still held the lease
	 */
	public Call<Boolean> renew(CacheHandle cache, String key) {
		return new Change(cache, key, RENEW);
	}

	/**
	 * Release the lease.
	 * @param cache the cache
	 * @param key the key
	 * @return whether this instance still held the lease
	 */
	public Call<Boolean> release(CacheHandle cache, String key) {
		return new Change(cache, key, RELEASE);
	}

	/**
	 * A change of a lease. Changes of the same kind share a statement with an array of
	 * keys. Changes use the queue of writes, so that a lease is released after the value
	 * is stored.
	 */
	private final class Change extends EntryOperation<Boolean> {

		private final String statement;

		Change(CacheHandle cache, String key, String statement) {
			super(LoadLeases.this.store.engine().writes(), OperationKind.LOAD_LEASE, cache, key);
			this.statement = statement;
		}

		@Override
		@SuppressWarnings("ReferenceEquality") // each statement is one object
		protected boolean sharesStatementWith(Operation<?> other) {
			return super.sharesStatementWith(other) && ((Change) other).statement == this.statement;
		}

		@Override
		protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
			List<Change> changes = typed(all);
			Set<String> changed = new HashSet<>();
			PreparedStatement statement = session.update(this.statement);
			statement.setInt(1, LoadLeases.this.store.statements().id(session, cache()));
			statement.setString(2, LoadLeases.this.holder.toString());
			statement.setLong(3, TimeUnit.MILLISECONDS.toMicros(LIFE.toMillis()));
			statement.setObject(4,
					changes.stream().map(EntryOperation::key).distinct().sorted().toArray(String[]::new));
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					changed.add(rows.getString("key"));
				}
			}
			// of several changes of the same key, only the first succeeds
			changes.forEach((change) -> change.succeed(changed.remove(change.key())));
		}

	}

}
