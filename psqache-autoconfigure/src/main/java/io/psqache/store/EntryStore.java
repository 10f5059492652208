package io.psqache.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * The entries of all caches, in one table of PostgreSQL.
 * <p>
 * Each method answers with a {@link Request}, which is sent when it is awaited or made
 * asynchronous, runs on one of the store's {@linkplain Lanes lanes}, and fails with a
 * {@link StoreException}. Thread-safe. Closing it leaves the {@code DataSource} open.
 */
public final class EntryStore implements AutoCloseable {

	private final EntrySql sql;

	private final Figures figures;

	private final LanePool lanes;

	private final Duration timeout;

	private final StoreMonitor monitor;

	private final Executor callbacks = Callbacks.create();

	private final WriteBehind writeBehind;

	private final Bulks bulks;

	/**
	 * Stands for all caches, in what is about all of them.
	 */
	private final CacheHandle noCache;

	private final Housekeeping housekeeping;

	private final EvictionBacklog backlog;

	private final Recovery recovery;

	/**
	 * Open the store.
	 * @param connections a pool of as many connections as there are lanes, in auto-commit
	 * mode
	 * @param lanes number of statements that run at a time
	 * @param schema the schema that holds the tables
	 * @param timeout how long a caller waits for an answer
	 */
	public EntryStore(DataSource connections, int lanes, SchemaName schema, Duration timeout) {
		this(connections, lanes, schema, timeout, StoreMonitor.NONE);
	}

	/**
	 * Open a store that is measured.
	 * @param connections a pool of as many connections as there are lanes, in auto-commit
	 * mode
	 * @param lanes number of statements that run at a time
	 * @param schema the schema that holds the tables
	 * @param timeout how long a caller waits for an answer
	 * @param monitor is told what the store does
	 */
	public EntryStore(DataSource connections, int lanes, SchemaName schema, Duration timeout, StoreMonitor monitor) {
		this(connections, lanes, schema, timeout, monitor, SchemaRepair.NONE);
	}

	/**
	 * Open a store that is measured, and whose schema can be made again.
	 * @param connections a pool of as many connections as there are lanes, in auto-commit
	 * mode
	 * @param lanes number of statements that run at a time
	 * @param schema the schema that holds the tables
	 * @param timeout how long a caller waits for an answer
	 * @param monitor is told what the store does
	 * @param schemaRepair is run when the schema is found to be missing
	 */
	public EntryStore(DataSource connections, int lanes, SchemaName schema, Duration timeout, StoreMonitor monitor,
			SchemaRepair schemaRepair) {
		this.sql = new EntrySql(schema);
		SweepSql sweepSql = new SweepSql(schema);
		this.figures = new Figures(sweepSql);
		this.lanes = new LanePool(connections, lanes, timeout, monitor);
		this.timeout = timeout;
		this.monitor = monitor;
		this.bulks = new Bulks(this.sql, this.lanes, this.callbacks, this::request);
		this.noCache = cache("", "");
		this.backlog = new EvictionBacklog(new Bulks(this.sql, this.lanes, this.callbacks, this::unguarded),
				(cache) -> unguarded(clearing(cache), clearOf(cache)));
		this.recovery = new Recovery(this.lanes, this.backlog, this::recoveryProbe, schemaRepair, timeout);
		this.writeBehind = new WriteBehind(this.sql, this.lanes, timeout, this.callbacks, this.recovery.breaker());
		this.housekeeping = new Housekeeping(this, sweepSql, this.figures, monitor, timeout);
	}

	/**
	 * Name a cache without bounds; the database is not asked yet.
	 * @param namespace the application it belongs to, may be empty
	 * @param name the name of the cache
	 * @return the handle that the other methods take
	 */
	public CacheHandle cache(String namespace, String name) {
		return cache(namespace, name, Bounds.NONE);
	}

	/**
	 * Name a cache; the database is not asked yet.
	 * @param namespace the application it belongs to, may be empty
	 * @param name the name of the cache
	 * @param bounds what it may hold, which takes the place of bounds that it had before
	 * @return the handle that the other methods take
	 */
	public CacheHandle cache(String namespace, String name, Bounds bounds) {
		return new CacheHandle(this.sql, namespace, name, bounds, this.figures,
				(cache) -> new Touches((keys, timeToIdle) -> this.bulks.touches(cache, keys, timeToIdle).async(),
						this.callbacks));
	}

	/**
	 * Read an entry.
	 * @param cache the cache
	 * @param key the key
	 * @param timeToIdle the age limit from the last read that this read prolongs, if any
	 * @return the value, or empty if there is no entry or it has expired
	 */
	public Request<Optional<StoredValue>> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		if (cache.pendingEvictions().contains(key)) {
			return answered(OperationKind.GET, cache, Optional.empty());
		}
		Put.Row pending = cache.pendingPuts().read(key);
		if (pending != null) {
			return answered(OperationKind.GET, cache, Optional.of(pending.value()));
		}
		return request(this.lanes.reads(), this.bulks.read(cache, key, timeToIdle));
	}

	/**
	 * Read many entries.
	 * @param cache the cache
	 * @param keys the keys
	 * @param timeToIdle the age limit from the last read that this read prolongs, if any
	 * @return for each key the value, or empty if there is no entry or it has expired
	 */
	public Bulk<Optional<StoredValue>> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		return this.bulks.reads(cache, keys, timeToIdle);
	}

	/**
	 * See whether there is an entry, without its value, and without prolonging it.
	 * @param cache the cache
	 * @param key the key
	 * @return how long it lives if nobody reads it, {@link Duration#ZERO} if it never
	 * expires, or empty if there is no entry or it has expired
	 */
	public Request<Optional<Duration>> peek(CacheHandle cache, String key) {
		if (cache.pendingEvictions().contains(key)) {
			return answered(OperationKind.PEEK, cache, Optional.empty());
		}
		Put.Row pending = cache.pendingPuts().read(key);
		if (pending != null) {
			return answered(OperationKind.PEEK, cache, Optional.of(pending.lifetime().unread()));
		}
		return request(this.lanes.reads(), new Peek(this.sql, cache, key));
	}

	/**
	 * Write an entry, in place of what was there.
	 * @param cache the cache
	 * @param key the key
	 * @param value the value
	 * @param lifetime how long it lives from now
	 * @return whether it was written, which is always {@code true}
	 */
	public Request<Boolean> put(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		return request(this.lanes.writes(key), new Put(this.sql, cache, key, value, lifetime));
	}

	/**
	 * Write an entry, in place of what was there, some time from now: it is queued, and
	 * every read and removal of this store in this cache, by the same handle, goes on as
	 * if it had been written. Not to be mixed with {@link #put} in one cache. While more
	 * puts wait than the bounds allow, this waits for a place.
	 * @param cache the cache
	 * @param key the key
	 * @param value the value
	 * @param lifetime how long it lives from when it is written
	 * @param listener told what became of it
	 * @param patient whether to wait for a place, up to the time limit
	 * @throws StoreException if there was no place
	 */
	public void putBehind(CacheHandle cache, String key, StoredValue value, Lifetime lifetime, PutListener listener,
			boolean patient) {
		long asked = this.monitor.asked();
		try {
			this.writeBehind.put(cache, key, new Put.Row(value, lifetime), listener,
					patient ? this.timeout : Duration.ZERO);
			this.monitor.answered(OperationKind.PUT, asked, null);
		}
		catch (StoreException ex) {
			this.monitor.answered(OperationKind.PUT, asked, ex.failureCause());
			throw ex;
		}
	}

	/**
	 * Write an entry unless there is one. It fails with {@link FailureCause#SUSPENDED}
	 * while the database has still to do an eviction of that key.
	 * @param cache the cache
	 * @param key the key
	 * @param value the value
	 * @param lifetime how long it lives from now
	 * @return whether it was written
	 */
	public Request<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		if (cache.pendingEvictions().contains(key)) {
			return failed(OperationKind.PUT_IF_ABSENT, cache, FailureCause.SUSPENDED);
		}
		if (cache.pendingPuts().read(key) != null) {
			return answered(OperationKind.PUT_IF_ABSENT, cache, false);
		}
		return request(this.lanes.writes(key), new Solo<>(OperationKind.PUT_IF_ABSENT, cache,
				new PutIfAbsent(this.sql, cache, key, new Put.Row(value, lifetime))));
	}

	/**
	 * Write many entries, in place of what was there, pending puts included.
	 * @param cache the cache
	 * @param values the values by their keys
	 * @param lifetimes how long each of them lives from now
	 * @return for each key that it was written
	 */
	public Bulk<Boolean> putAll(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes) {
		return this.bulks.puts(cache, values, lifetimes);
	}

	/**
	 * Remove an entry.
	 * @param cache the cache
	 * @param key the key
	 * @return whether there was one that had not expired
	 */
	public Request<Boolean> evict(CacheHandle cache, String key) {
		Evict evict = new Evict(this.sql, cache, key);
		return request(cache.pendingPuts().replacing(List.of(evict), this.lanes.writes(key)), evict);
	}

	/**
	 * Remove many entries.
	 * @param cache the cache
	 * @param keys the keys
	 * @return for each key whether there was an entry that had not expired
	 */
	public Bulk<Boolean> evictAll(CacheHandle cache, Set<String> keys) {
		return this.bulks.evictions(cache, keys);
	}

	/**
	 * Remove all entries of a cache, at a cost that does not depend on their number: from
	 * now on none of them is seen.
	 * @param cache the cache
	 * @return whether it was done, which is always {@code true}
	 */
	public Request<Boolean> clear(CacheHandle cache) {
		return request(clearing(cache), clearOf(cache));
	}

	private Operation<Boolean> clearOf(CacheHandle cache) {
		return removalOf(cache, (lane, id) -> {
			try (PreparedStatement statement = lane.prepareWrite(this.sql.clear)) {
				statement.setInt(1, id);
				return (statement.executeUpdate() == 1) ? true : null;
			}
		});
	}

	/**
	 * As {@link #clear}, but look first whether there are any.
	 * @param cache the cache
	 * @return whether there was an entry that had not expired
	 */
	public Request<Boolean> invalidate(CacheHandle cache) {
		PendingPuts.Clearing clearing = clearing(cache);
		return request(clearing, removalOf(cache, (lane, id) -> {
			try (PreparedStatement statement = lane.prepareWrite(this.sql.invalidate)) {
				statement.setInt(1, id);
				statement.setInt(2, id);
				try (ResultSet rows = statement.executeQuery()) {
					return rows.next() ? rows.getBoolean("present") || clearing.present() : null;
				}
			}
		}));
	}

	private PendingPuts.Clearing clearing(CacheHandle cache) {
		return cache.pendingPuts().clearing(this.lanes.writes(cache));
	}

	/**
	 * A removal that finds no row for its cache has removed nothing: someone dropped the
	 * cache, and others may have made it again by another id.
	 */
	private static Operation<Boolean> removalOf(CacheHandle cache, Removal removal) {
		return new Solo<>(OperationKind.CLEAR, cache, (lane) -> {
			Boolean answer = removal.from(lane, cache.id(lane));
			while (answer == null) {
				cache.forget();
				answer = removal.from(lane, cache.id(lane));
			}
			return answer;
		});
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
		this.recovery.wake();
	}

	/**
	 * As {@link #evictLater}, for all entries of a cache.
	 * @param cache the cache
	 */
	public void clearLater(CacheHandle cache) {
		this.backlog.addAll(cache);
		this.recovery.wake();
	}

	/**
	 * Whether what is asked of this store is sent to the database. Asks nobody.
	 * @return the status now
	 */
	public StoreStatus status() {
		return new StoreStatus(this.recovery.breaker().state(), this.recovery.breaker().cause(), this.backlog.size());
	}

	/**
	 * What is about all caches together.
	 * @return the one of this store
	 */
	public Housekeeping housekeeping() {
		return this.housekeeping;
	}

	/**
	 * Something of the sweeper's.
	 */
	<T> Request<T> sweep(Solo.Work<T> work) {
		return read(OperationKind.SWEEP, this.noCache, work);
	}

	/**
	 * Ask what is behind the connections, by the way that every other request takes.
	 * @param namespace the application whose caches to count
	 * @return the state
	 */
	public Request<ServerState> probe(String namespace) {
		return read(OperationKind.PROBE, this.noCache, new Probe(this.sql, namespace));
	}

	/**
	 * How many reads wait for a lane.
	 * @return their number now, those among them that nobody waits for any more
	 */
	public int queuedReads() {
		return this.lanes.queuedReads();
	}

	/**
	 * How many writes wait for a lane, pending puts included until they are stored. A
	 * store with a single lane has one queue, in which the others count as reads.
	 * @return their number now, those among them that nobody waits for any more
	 */
	public int queuedWrites() {
		return this.lanes.queuedWrites() + this.writeBehind.pending();
	}

	@Override
	public void close() {
		this.housekeeping.close();
		this.writeBehind.close();
		this.recovery.close();
		this.lanes.close();
	}

	private <T> Request<T> read(OperationKind kind, CacheHandle cache, Solo.Work<T> work) {
		return request(this.lanes.reads(), new Solo<>(kind, cache, work));
	}

	private <T> Request<T> answered(OperationKind kind, CacheHandle cache, T answer) {
		Operation<T> operation = new Solo<>(kind, cache, (lane) -> answer);
		operation.succeed(answer);
		return unguarded(Way.NONE, operation);
	}

	private <T> Request<T> failed(OperationKind kind, CacheHandle cache, FailureCause cause) {
		Operation<T> operation = new Solo<>(kind, cache, (lane) -> {
			throw new StoreException(cause, null);
		});
		operation.fail(new StoreException(cause, null));
		return unguarded(Way.NONE, operation);
	}

	private Request<Boolean> recoveryProbe() {
		return unguarded(this.lanes.writes(this.noCache),
				new Solo<>(OperationKind.PROBE, this.noCache, new RecoveryProbe(this.sql)));
	}

	private <T> Request<T> request(Way way, Operation<T> operation) {
		return new Request<>(way, operation, this.timeout, this.callbacks, this.monitor, this.recovery.breaker());
	}

	/**
	 * What is sent, or answered, whatever the circuit breaker says.
	 */
	private <T> Request<T> unguarded(Way way, Operation<T> operation) {
		return new Request<>(way, operation, this.timeout, this.callbacks, this.monitor, Guard.NONE);
	}

	/**
	 * A removal by the id of the cache.
	 */
	private interface Removal {

		/**
		 * Remove.
		 * @return {@code null} if there is no cache by that id
		 */
		@Nullable Boolean from(Lane lane, int id) throws SQLException;

	}

}
