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
 * The right to load an entry, which one instance has of all that share the schema: a row
 * in the table {@code load}, until a time by the database's clock.
 * <ol>
 * <li>An instance that is to load takes the lease of the key, unless another one has
 * it.</li>
 * <li>While the loader runs the instance renews the lease. No connection, lock or session
 * keeps it.</li>
 * <li>When the value is stored, or the loader has failed, the instance returns it.</li>
 * <li>If the instance dies the lease lapses, and the next one to ask has it.</li>
 * </ol>
 * It keeps others from doing the same work, and is no lock: what may be stored is up to
 * the fence. Thread-safe.
 */
public final class LoadLeases {

	/**
	 * How long one lasts unless it is renewed: as long as others wait for an instance
	 * that has died.
	 */
	public static final Duration LIFE = Duration.ofSeconds(5);

	/**
	 * The present holder is looked up first, since {@code on conflict} would lock the row
	 * to find out.
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

	private static final String GIVE_BACK = """
			delete from ${schema}.load
			using (values (?::int, ?::uuid, ?::bigint)) as mine (cache_id, holder, micros)
			where load.cache_id = mine.cache_id and load.holder = mine.holder and load.key = any (?)
			returning key
			""";

	private final UUID holder = UUID.randomUUID();

	private final EntryStore store;

	/**
	 * Create them.
	 * @param store the store whose entries are loaded
	 */
	public LoadLeases(EntryStore store) {
		this.store = store;
	}

	/**
	 * Take the lease of a load.
	 * @param cache the cache
	 * @param key the key
	 * @return whether this instance has it now; not if it had it already
	 */
	public Call<Boolean> take(CacheHandle cache, String key) {
		return new Change(cache, key, TAKE);
	}

	/**
	 * Have it for {@link #LIFE} from now.
	 * @param cache the cache
	 * @param key the key
	 * @return whether this instance still had it
	 */
	public Call<Boolean> renew(CacheHandle cache, String key) {
		return new Change(cache, key, RENEW);
	}

	/**
	 * Let the next one have it.
	 * @param cache the cache
	 * @param key the key
	 * @return whether this instance still had it
	 */
	public Call<Boolean> giveBack(CacheHandle cache, String key) {
		return new Change(cache, key, GIVE_BACK);
	}

	/**
	 * A change of a lease; together with others of its kind by an array of their keys. It
	 * waits among the writes: a lease is given back when the value is stored.
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
			// of two changes of the same key one has made it
			changes.forEach((change) -> change.succeed(changed.remove(change.key())));
		}

	}

}
