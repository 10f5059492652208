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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.psqache.BreakerState;
import io.psqache.CacheBounds;
import io.psqache.CacheMonitor;
import io.psqache.CacheUsage;
import io.psqache.FailureCause;
import io.psqache.OperationKind;
import io.psqache.ServerState;
import io.psqache.StoreException;
import io.psqache.StoredCache;
import io.psqache.internal.engine.Call;
import io.psqache.internal.engine.CallMode;
import io.psqache.internal.engine.Engine;
import io.psqache.internal.engine.Operation;
import io.psqache.internal.engine.Recoverable;
import io.psqache.internal.engine.Session;
import io.psqache.internal.engine.SingleOperation;
import io.psqache.internal.engine.Work;
import org.jspecify.annotations.Nullable;

/**
 * The entries of all caches, in one table of PostgreSQL, as they are committed.
 * <p>
 * Each method answers with a {@link Call}, which is sent when it is awaited or made
 * asynchronous, and fails with a {@link io.psqache.StoreException}. Thread-safe. Closing
 * it leaves the {@code DataSource} open.
 */
public final class EntryStore implements Entries, AutoCloseable {

	private final SchemaName schema;

	private final Duration fenceLife;

	private final UsageRegistry usage = new UsageRegistry();

	private final Notify notify;

	private final EntryStatements statements;

	private final EvictionBacklog backlog;

	private final Engine engine;

	private final DeferredCalls deferredCalls;

	private final SuspendedChange suspended;

	/**
	 * Open the store.
	 * @param connections a pool of as many connections as there are workers, in
	 * auto-commit mode
	 * @param workers number of statements that are executed at a time
	 * @param schema the schema that holds the tables
	 * @param timeout how long a caller waits for an answer
	 * @param fenceLife how long a load may take whose value is to be cached: evictions
	 * are remembered for as long. The same for all stores on one schema
	 * @param monitor observes the operations
	 * @param schemaRepair is run when the schema is found to be missing
	 */
	public EntryStore(DataSource connections, int workers, SchemaName schema, Duration timeout, Duration fenceLife,
			CacheMonitor monitor, SchemaRepair schemaRepair) {
		this.schema = schema;
		this.fenceLife = fenceLife;
		this.notify = new Notify(schema);
		this.statements = new EntryStatements(this.usage, this.notify);
		this.backlog = new EvictionBacklog(this::evictUnguarded, this::clearUnguarded);
		this.engine = new Engine(connections, workers, schema::in, timeout, monitor, new Recovering(schemaRepair));
		this.deferredCalls = new DeferredCalls(timeout, this.engine.callbacks());
		this.suspended = new SuspendedChange(this.engine.callbacks());
	}

	/**
	 * Name a cache. The database is not asked yet.
	 * @param namespace the application it belongs to, may be empty
	 * @param name the name of the cache
	 * @param bounds what it may hold, which takes the place of bounds that it had before
	 * @param shortest the shortest life of its entries: what has expired is deleted, and
	 * with it the evidence that something was overwritten
	 * @param staleness what matters of old entries
	 * @param listener is told of changes
	 * @return the handle that the other methods take
	 */
	public CacheHandle cache(String namespace, String name, CacheBounds bounds, Lifetime shortest, Staleness staleness,
			ChangeListener listener) {
		Duration unread = shortest.unread();
		Duration life = (unread.isZero() || unread.compareTo(this.fenceLife) > 0) ? this.fenceLife : unread;
		return new CacheHandle(new CacheDefinition(namespace, name, bounds, life, staleness, listener), this::touch);
	}

	private CompletableFuture<Boolean> touch(CacheHandle cache, long[] hashes, @Nullable Duration timeToIdle) {
		return new SingleOperation<>(this.engine.writes(), OperationKind.TOUCH, (session) -> {
			this.statements.reads().touch(session, cache, hashes, timeToIdle);
			return true;
		}).send();
	}

	@Override
	public Call<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return read(cache, key, timeToIdle, false);
	}

	@Override
	public Call<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return read(cache, key, timeToIdle, true);
	}

	private Call<ReadAnswer> read(CacheHandle cache, String key, @Nullable Duration timeToIdle, boolean fenced) {
		CompletableFuture<?> writes = cache.unfinishedWrites().before(key);
		if (writes == null) { // nearly always: a hit allocates nothing for the rest
			return readNow(cache, key, timeToIdle, fenced);
		}
		return this.deferredCalls.after(writes, () -> readNow(cache, key, timeToIdle, fenced));
	}

	private Call<ReadAnswer> readNow(CacheHandle cache, String key, @Nullable Duration timeToIdle, boolean fenced) {
		return cache.pendingEvictions().contains(key) ? Call.answered(ReadAnswer.of(null, null))
				: new Get(this.engine.reads(), this.statements.reads(), cache, key, timeToIdle, fenced);
	}

	/**
	 * Wait for writes that no other caller waits for, before a transaction changes the
	 * same entries on its own connection. If they take longer than a call may, what the
	 * transaction changes is evicted again when they are done.
	 * @param cache the cache
	 * @param keys the keys of the entries; {@code null} if the cache is cleared
	 */
	public void settle(CacheHandle cache, @Nullable Set<String> keys) {
		UnfinishedWrites unfinished = cache.unfinishedWrites();
		CompletableFuture<?> writes = (keys != null) ? unfinished.before(keys) : unfinished.beforeClear();
		if (writes == null || CallMode.BLOCKING.settle(writes, this.engine.timeout()).join()) {
			return;
		}
		Runnable eviction = (keys != null) ? () -> evictLater(cache, keys) : () -> clearLater(cache);
		eviction.run();
		writes.whenComplete((done, failure) -> eviction.run());
	}

	/**
	 * Have others wait for a write, since its caller does not: reads of the entry, and
	 * clears of the cache. Copies in this process are dropped now.
	 * @param cache the cache
	 * @param key the key of the entry; {@code null} if the cache is cleared
	 * @param write completes when the write is done, or {@linkplain #evictLater
	 * remembered}
	 */
	public void continueAfter(CacheHandle cache, @Nullable String key, CompletableFuture<?> write) {
		cache.unfinishedWrites().add(key, write);
		cache.changedHere(key); // a read waits from here on, and only then leaves a copy
	}

	/**
	 * Read an entry even if it has expired, for callers that cannot have a better one.
	 * @param cache the cache
	 * @param key the key
	 * @return the value, if there is an entry and it is kept still
	 */
	public Call<ReadAnswer> getExpired(CacheHandle cache, String key) {
		return this.deferredCalls.after(cache.unfinishedWrites().before(key),
				() -> cache.pendingEvictions().contains(key) ? Call.answered(ReadAnswer.of(null, null)) : reading(
						OperationKind.GET,
						(session) -> ReadAnswer.of(this.statements.reads().getExpired(session, cache, key), null)));
	}

	@Override
	public Call<Fence> fence(CacheHandle cache) {
		return reading(OperationKind.GET, (session) -> this.statements.fences().take(session, cache));
	}

	@Override
	public Call<BulkAnswer<ReadAnswer>> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		CompletableFuture<?> writes = cache.unfinishedWrites().before(keys);
		if (writes == null) {
			return readAll(cache, keys, timeToIdle);
		}
		Call<BulkAnswer<ReadAnswer>> read = this.deferredCalls.after(writes, () -> readAll(cache, keys, timeToIdle));
		return (mode) -> read.in(mode)
			.exceptionally((failure) -> new BulkAnswer<>(Map.of(), StoreException.of(CallMode.cause(failure))));
	}

	private Call<BulkAnswer<ReadAnswer>> readAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		List<Get> reads = new ArrayList<>(keys.size());
		for (String key : keys) {
			Get read = new Get(this.engine.reads(), this.statements.reads(), cache, key, timeToIdle, false);
			if (cache.pendingEvictions().contains(key)) {
				read.missed(null);
			}
			reads.add(read);
		}
		return Bulk.of(this.engine.reads(), OperationKind.GET_ALL, reads, Bulk.MAX_KEYS, this.engine.callbacks());
	}

	@Override
	public Call<Optional<Duration>> peek(CacheHandle cache, String key) {
		return this.deferredCalls.after(cache.unfinishedWrites().before(key),
				() -> cache.pendingEvictions().contains(key) ? Call.answered(Optional.empty())
						: reading(OperationKind.PEEK,
								(session) -> Optional.ofNullable(this.statements.reads().peek(session, cache, key))));
	}

	/**
	 * See whether there is any entry.
	 * @param cache the cache
	 * @param but keys of entries that do not count
	 * @return whether there is another one that has not expired
	 */
	public Call<Boolean> isAnyPresent(CacheHandle cache, Set<String> but) {
		return reading(OperationKind.PEEK, (session) -> this.statements.isAnyPresent(session, cache, but));
	}

	private <T> Operation<T> reading(OperationKind kind, Work<T> work) {
		return new SingleOperation<>(this.engine.reads(), kind, work);
	}

	@Override
	public Call<Boolean> put(CacheHandle cache, String key, NewEntry entry) {
		if (entry.fence() != null) {
			return new Put(this.engine.writes(), this.statements, cache, key, entry, List.of());
		}
		return this.suspended.of(cache, Set.of(key),
				(holders) -> new Put(this.engine.writes(), this.statements, cache, key, entry, holders));
	}

	@Override
	public Call<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		return this.deferredCalls.after(cache.unfinishedWrites().before(key),
				() -> cache.pendingEvictions().contains(key) ? Call.failed(FailureCause.SUSPENDED)
						: this.suspended.of(cache, Set.of(key), (holders) -> new PutIfAbsent(this.engine.writes(),
								this.statements, cache, key, new NewEntry(value, lifetime), holders)));
	}

	@Override
	public Call<BulkAnswer<Boolean>> putAll(CacheHandle cache, Map<String, StoredValue> values,
			Supplier<Lifetime> lifetimes) {
		return this.suspended.of(cache, values.keySet(), (holders) -> puts(cache, values, lifetimes, holders),
				BulkAnswer::failure);
	}

	private Call<BulkAnswer<Boolean>> puts(CacheHandle cache, Map<String, StoredValue> values,
			Supplier<Lifetime> lifetimes, List<LeaseHolder> holders) {
		List<Put> puts = new ArrayList<>(values.size());
		values.forEach((key, value) -> puts.add(new Put(this.engine.writes(), this.statements, cache, key,
				new NewEntry(value, lifetimes.get()), holders)));
		return Bulk.of(this.engine.writes(), OperationKind.PUT_ALL, puts, EntryWrites.MAX_ROWS,
				this.engine.callbacks());
	}

	@Override
	public Call<Boolean> evict(CacheHandle cache, String key) {
		return this.suspended.of(cache, Set.of(key),
				(holders) -> new Evict(this.engine.writes(), this.statements.evictions(), cache, key, null, holders));
	}

	@Override
	public Call<BulkAnswer<Boolean>> evictAll(CacheHandle cache, Set<String> keys) {
		return this.suspended.of(cache, keys, (holders) -> evictions(cache, keys, null, holders), BulkAnswer::failure);
	}

	private Call<BulkAnswer<Boolean>> evictUnguarded(CacheHandle cache, Set<String> keys) {
		return this.suspended.of(cache, keys, (holders) -> evictions(cache, keys, null, holders).unguarded(),
				BulkAnswer::failure);
	}

	/**
	 * Remove many entries on behalf of a transaction that is not committed yet: the
	 * tombstones are the transaction's, as if it had left them itself. It is sent
	 * whatever the circuit breaker says: the transaction has just had an answer from the
	 * database.
	 * @param cache the cache
	 * @param keys the keys, but for those whose rows that transaction has locked itself
	 * @param transactionId its number
	 * @return for each key whether there was an entry that had not expired
	 */
	public Call<BulkAnswer<Boolean>> evictOnBehalf(CacheHandle cache, Set<String> keys, String transactionId) {
		return evictions(cache, keys, transactionId, null).unguarded();
	}

	private Bulk<Boolean> evictions(CacheHandle cache, Set<String> keys, @Nullable String transactionId,
			@Nullable List<LeaseHolder> holders) {
		List<Evict> evictions = keys.stream()
			.map((key) -> new Evict(this.engine.writes(), this.statements.evictions(), cache, key, transactionId,
					holders))
			.toList();
		return Bulk.of(this.engine.writes(), OperationKind.EVICT_ALL, evictions, Bulk.MAX_KEYS,
				this.engine.callbacks());
	}

	@Override
	public Call<Boolean> clear(CacheHandle cache) {
		return afterPuts(cache, () -> this.suspended.of(cache, null, (holders) -> clearing(cache, holders)));
	}

	/**
	 * Clear a cache after puts that no caller waits for. The queue does not order a clear
	 * after them: if the clear cannot wait for them, the cache is cleared when they are
	 * done.
	 */
	private Call<Boolean> afterPuts(CacheHandle cache, Supplier<Call<Boolean>> clear) {
		CompletableFuture<?> puts = cache.unfinishedWrites().beforeClear();
		if (puts == null) {
			return clear.get();
		}
		Call<Boolean> cleared = this.deferredCalls.after(puts, clear);
		return (mode) -> cleared.in(mode).whenComplete((any, failure) -> {
			if (failure != null && !puts.isDone()) {
				puts.whenComplete((done, failed) -> clearLater(cache));
			}
		});
	}

	private Call<Boolean> clearUnguarded(CacheHandle cache) {
		return this.suspended.of(cache, null, (holders) -> clearing(cache, holders).unguarded());
	}

	private Operation<Boolean> clearing(CacheHandle cache, List<LeaseHolder> holders) {
		return new CacheChange(this.engine.writes(), cache, (session) -> {
			this.statements.evictions().clear(session, cache, holders);
			return true;
		});
	}

	@Override
	public Call<Boolean> invalidate(CacheHandle cache) {
		return afterPuts(cache, () -> this.suspended.of(cache, null, (holders) -> new CacheChange(this.engine.writes(),
				cache, (session) -> this.statements.evictions().invalidate(session, cache, holders))));
	}

	/**
	 * Remove an entry now, for a caller in a transaction that may have locked it.
	 * @param cache the cache
	 * @param key the key
	 * @return whether there was an entry that had not expired; fails as locked if a
	 * transaction has locked it
	 */
	public Call<Boolean> evictUnlessLocked(CacheHandle cache, String key) {
		return this.suspended.of(cache, Set.of(key), (holders) -> new EvictUnlessLocked(this.engine.writes(),
				this.statements.evictions(), cache, key, holders));
	}

	/**
	 * As {@link #evictUnlessLocked}, for all entries of a cache.
	 * @param cache the cache
	 * @return whether there was an entry that had not expired
	 */
	public Call<Boolean> invalidateUnlessLocked(CacheHandle cache) {
		return afterPuts(cache, () -> this.suspended.of(cache, null, (holders) -> new CacheChange(this.engine.writes(),
				cache, (session) -> this.statements.evictions().invalidateUnlessLocked(session, cache, holders))));
	}

	/**
	 * Remember evictions that the database has not done, or that it may undo by doing
	 * late what was asked before. They are repeated until they are done. Until then this
	 * store answers as if there were no such entries; what is put meanwhile is removed as
	 * well.
	 * @param cache the cache
	 * @param keys the keys
	 */
	public void evictLater(CacheHandle cache, Set<String> keys) {
		this.backlog.add(cache, keys);
		this.engine.recovery().wake();
	}

	/**
	 * As {@link #evictLater}, for all entries of a cache.
	 * @param cache the cache
	 */
	public void clearLater(CacheHandle cache) {
		this.backlog.addAll(cache);
		this.engine.recovery().wake();
	}

	/**
	 * Have the row of a cache made and looked at, for a transaction that is about to
	 * change its entries: the transaction must not make it itself, since the row would be
	 * gone with a rollback.
	 * @param cache the cache
	 * @throws io.psqache.StoreException if the database did not answer
	 */
	public void prepareToChange(CacheHandle cache) {
		if (!this.statements.isKnownToChange(cache)) {
			reading(OperationKind.PEEK, (session) -> this.statements.rowToChange(session, cache)).await();
		}
	}

	/**
	 * Look up the row of a cache, whatever is known: with the latest leases.
	 * @param cache the cache
	 * @return the row
	 * @throws StoreException if PostgreSQL failed
	 */
	public CacheRow latestRow(CacheHandle cache) {
		return reading(OperationKind.PEEK, (session) -> this.statements.rows().lookUp(session, cache)).unguarded()
			.await();
	}

	/**
	 * Suspend the strict near entries of what a transaction of the application has
	 * changed, in all instances. To be called after its statements and before its commit.
	 * @param cache the cache
	 * @param row its row, with all leases that the transaction must respect
	 * @param keys the keys of the entries; {@code null} if the cache is cleared
	 * @return completes when the transaction may commit; fails with a
	 * {@link StoreException} if it must not
	 */
	public CompletableFuture<Suspension> suspend(CacheHandle cache, CacheRow row, @Nullable Set<String> keys) {
		return cache.definition().listener().suspend(row, keys);
	}

	/**
	 * Return the leases of strict near caches.
	 * @return the tables of leases
	 */
	public NearLeases leases() {
		return new NearLeases(this.engine);
	}

	/**
	 * What the sweeper found of a cache when it last walked over the whole table.
	 * @param cache the cache
	 * @return {@code null} until it has, or while this instance has not used the cache
	 */
	public @Nullable CacheUsage usage(CacheHandle cache) {
		StoredCache stored = this.statements.rows().stored(cache);
		return (stored != null) ? stored.usage() : null;
	}

	/**
	 * What this instance knows of its caches.
	 * @return the usage registry of this store
	 */
	public UsageRegistry usage() {
		return this.usage;
	}

	/**
	 * How long a load may take whose value is to be cached: evictions are remembered for
	 * as long.
	 * @return the longest life of a fence
	 */
	public Duration fenceLife() {
		return this.fenceLife;
	}

	/**
	 * Where the tables are.
	 * @return the schema
	 */
	public SchemaName schema() {
		return this.schema;
	}

	/**
	 * The statements on entries, for sessions of other owners.
	 * @return the statements
	 */
	public EntryStatements statements() {
		return this.statements;
	}

	/**
	 * Sends messages in the transaction of a session.
	 * @return what sends them
	 */
	public Notify messages() {
		return this.notify;
	}

	/**
	 * What executes the operations of this store.
	 * @return the engine
	 */
	public Engine engine() {
		return this.engine;
	}

	/**
	 * The state of the circuit breaker.
	 */
	public BreakerState breakerState() {
		return this.engine.recovery().state();
	}

	/**
	 * Why nothing is sent to the database.
	 * @return {@code null} if operations are sent
	 */
	public @Nullable FailureCause outage() {
		return this.engine.recovery().cause();
	}

	/**
	 * How many evictions are repeated until the database has done them.
	 * @return their number, a clear counting as one
	 */
	public long pendingEvictions() {
		return this.backlog.size();
	}

	/**
	 * Messages between the instances that share the schema.
	 * @param unpooled gives connections to listen on, one at a time; {@code null} if this
	 * instance only sends
	 * @return what sends and receives them
	 */
	public Notifications notifications(@Nullable DataSource unpooled) {
		return new Notifications(this.engine, this.notify, this.schema, unpooled);
	}

	/**
	 * Ask what is behind the connections, by the path of every read.
	 * @param namespace the application whose caches to count
	 * @return the state
	 */
	public Call<ServerState> probe(String namespace) {
		return reading(OperationKind.PROBE, new ServerProbe(namespace));
	}

	/**
	 * Ask which database this store is in.
	 * @return its identity
	 */
	public Call<DatabaseIdentity> databaseIdentity() {
		return reading(OperationKind.PEEK, DatabaseIdentity::of);
	}

	/**
	 * How many reads wait for a worker.
	 * @return their number now, those included that are not wanted any more
	 */
	public int queuedReads() {
		return this.engine.reads().size();
	}

	/**
	 * How many writes wait for a worker. A store with a single worker has one queue, in
	 * which they count as reads.
	 * @return their number now, those included that are not wanted any more
	 */
	public int queuedWrites() {
		return this.engine.queuedWrites();
	}

	@Override
	public void close() {
		this.engine.close();
	}

	/**
	 * What has to be done when PostgreSQL answers again.
	 */
	private final class Recovering implements Recoverable {

		private final SchemaRepair schemaRepair;

		Recovering(SchemaRepair schemaRepair) {
			this.schemaRepair = schemaRepair;
		}

		@Override
		public void probe(Session session) throws SQLException {
			if (this.schemaRepair.isDue()) { // the schema may be of another version
				throw new StoreException(FailureCause.SCHEMA_MISSING, null);
			}
			EntryStore.this.statements.probe(session);
		}

		@Override
		public void repairSchema() {
			this.schemaRepair.run();
		}

		@Override
		public long pendingEvictions() {
			return EntryStore.this.backlog.size();
		}

		@Override
		public long repeatEvictions() {
			return EntryStore.this.backlog.apply();
		}

	}

}
