package io.psqache.store;

import java.time.Duration;
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
public final class EntryStore implements Entries, AutoCloseable {

	/**
	 * How long a load may take whose value is to be cached, where nobody says.
	 */
	public static final Duration DEFAULT_FENCE_LIFE = Duration.ofMinutes(5);

	private final EntrySql sql;

	private final Figures figures = new Figures();

	private final SchemaName schema;

	private final Notify notify;

	private final LanePool lanes;

	private final Duration timeout;

	private final StoreMonitor monitor;

	private final Executor callbacks = Callbacks.create();

	private final Requests requests;

	private final Bulks bulks;

	private final Duration fenceLife;

	private final Horizon horizon;

	private final Clears clears;

	private final LoadLeases loadLeases;

	private final TransactionSupport transactionSupport;

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
		this(connections, lanes, schema, timeout, DEFAULT_FENCE_LIFE, StoreMonitor.NONE, SchemaRepair.NONE);
	}

	/**
	 * Open a store that is measured, and whose schema can be made again.
	 * @param connections a pool of as many connections as there are lanes, in auto-commit
	 * mode
	 * @param lanes number of statements that run at a time
	 * @param schema the schema that holds the tables
	 * @param timeout how long a caller waits for an answer
	 * @param fenceLife how long a load may take whose value is to be cached: for as long
	 * it is known that an entry was evicted. The same for all stores on one schema
	 * @param monitor is told what the store does
	 * @param schemaRepair is run when the schema is found to be missing
	 */
	public EntryStore(DataSource connections, int lanes, SchemaName schema, Duration timeout, Duration fenceLife,
			StoreMonitor monitor, SchemaRepair schemaRepair) {
		this.sql = new EntrySql(schema);
		this.schema = schema;
		this.notify = new Notify(schema);
		this.lanes = new LanePool(connections, lanes, timeout, monitor);
		this.timeout = timeout;
		this.fenceLife = fenceLife;
		this.horizon = new Horizon(fenceLife, timeout);
		this.monitor = monitor;
		Requests unguarded = new Requests(this.lanes, cache("", ""), timeout, this.callbacks, monitor, Guard.NONE);
		Bulks unguardedBulks = new Bulks(this.sql, this.lanes, unguarded);
		this.backlog = new EvictionBacklog(unguardedBulks, new Clears(this.sql, this.lanes, unguarded));
		this.recovery = new Recovery(this.lanes, this.backlog, () -> unguarded.probe(new RecoveryProbe(this.sql)),
				schemaRepair, timeout);
		this.requests = unguarded.guardedBy(this.recovery.breaker());
		this.bulks = new Bulks(this.sql, this.lanes, this.requests);
		this.clears = new Clears(this.sql, this.lanes, this.requests);
		this.loadLeases = new LoadLeases(schema, this.lanes, this.requests);
		this.transactionSupport = new TransactionSupport(this.sql, this.notify, this.lanes, unguardedBulks, monitor,
				this.requests);
	}

	/**
	 * Name a cache without bounds; the database is not asked yet.
	 * @param namespace the application it belongs to, may be empty
	 * @param name the name of the cache
	 * @return the handle that the other methods take
	 */
	public CacheHandle cache(String namespace, String name) {
		return cache(namespace, name, Bounds.NONE, Lifetime.FOREVER);
	}

	/**
	 * Name a cache in which nothing matters of old entries; the database is not asked
	 * yet.
	 * @param namespace the application it belongs to, may be empty
	 * @param name the name of the cache
	 * @param bounds what it may hold, which takes the place of bounds that it had before
	 * @param shortest the shortest life of its entries
	 * @return the handle that the other methods take
	 */
	public CacheHandle cache(String namespace, String name, Bounds bounds, Lifetime shortest) {
		return cache(namespace, name, bounds, shortest, Staleness.NONE, ChangeListener.NONE);
	}

	/**
	 * Name a cache; the database is not asked yet.
	 * @param namespace the application it belongs to, may be empty
	 * @param name the name of the cache
	 * @param bounds what it may hold, which takes the place of bounds that it had before
	 * @param shortest the shortest life of its entries: what has expired is deleted, and
	 * then nobody knows any more that something was overwritten
	 * @param staleness what matters of old entries
	 * @param listener is told of changes
	 * @return the handle that the other methods take
	 */
	public CacheHandle cache(String namespace, String name, Bounds bounds, Lifetime shortest, Staleness staleness,
			ChangeListener listener) {
		Duration unread = shortest.unread();
		Duration fenceLife = (unread.isZero() || unread.compareTo(this.fenceLife) > 0) ? this.fenceLife : unread;
		return new CacheHandle(this.sql, namespace, name, bounds, fenceLife, staleness, this.figures, this.horizon,
				listener, this.notify,
				(cache) -> new Touches((keys, timeToIdle) -> this.bulks.touches(cache, keys, timeToIdle).async(),
						this.callbacks));
	}

	@Override
	public Request<ReadAnswer> get(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return read(cache, key, timeToIdle, false);
	}

	@Override
	public Request<ReadAnswer> getOrFence(CacheHandle cache, String key, @Nullable Duration timeToIdle) {
		return read(cache, key, timeToIdle, true);
	}

	private Request<ReadAnswer> read(CacheHandle cache, String key, @Nullable Duration timeToIdle, boolean fenced) {
		if (cache.pendingEvictions().contains(key)) {
			return this.requests.answered(OperationKind.GET, cache, ReadAnswer.NONE);
		}
		return this.requests.request(this.lanes.reads(), this.bulks.read(cache, key, timeToIdle, fenced));
	}

	/**
	 * Read an entry even if it has expired, for who cannot have a better one.
	 * @param cache the cache
	 * @param key the key
	 * @return the value, if there is an entry and it is kept still
	 */
	public Request<ReadAnswer> getExpired(CacheHandle cache, String key) {
		if (cache.pendingEvictions().contains(key)) {
			return this.requests.answered(OperationKind.GET, cache, ReadAnswer.NONE);
		}
		return this.requests.request(this.lanes.reads(), new ExpiredRead(this.sql, cache, key));
	}

	@Override
	public Request<Fence> fence(CacheHandle cache) {
		return this.requests.read(OperationKind.GET, cache, cache::fence);
	}

	@Override
	public Bulk<ReadAnswer> getAll(CacheHandle cache, Set<String> keys, @Nullable Duration timeToIdle) {
		return this.bulks.reads(cache, keys, timeToIdle);
	}

	@Override
	public Request<Optional<Duration>> peek(CacheHandle cache, String key) {
		if (cache.pendingEvictions().contains(key)) {
			return this.requests.answered(OperationKind.PEEK, cache, Optional.empty());
		}
		return this.requests.request(this.lanes.reads(), new Peek(this.sql, cache, key));
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
		return put(cache, key, new NewEntry(value, lifetime));
	}

	@Override
	public Request<Boolean> put(CacheHandle cache, String key, NewEntry entry) {
		return this.requests.request(this.lanes.writes(key), new Put(this.sql, cache, key, entry));
	}

	@Override
	public Request<Boolean> putIfAbsent(CacheHandle cache, String key, StoredValue value, Lifetime lifetime) {
		if (cache.pendingEvictions().contains(key)) {
			return this.requests.failed(OperationKind.PUT_IF_ABSENT, cache, FailureCause.SUSPENDED);
		}
		return this.requests.request(this.lanes.writes(key), new SoloChange<>(OperationKind.PUT_IF_ABSENT, cache, key,
				new PutIfAbsent(this.sql, cache, key, new NewEntry(value, lifetime))));
	}

	@Override
	public Bulk<Boolean> putAll(CacheHandle cache, Map<String, StoredValue> values, Supplier<Lifetime> lifetimes) {
		return this.bulks.puts(cache, values, lifetimes);
	}

	@Override
	public Request<Boolean> evict(CacheHandle cache, String key) {
		return this.requests.request(this.lanes.writes(key), new Evict(this.sql, cache, key));
	}

	@Override
	public Bulk<Boolean> evictAll(CacheHandle cache, Set<String> keys) {
		return this.bulks.evictions(cache, keys, null);
	}

	@Override
	public Request<Boolean> clear(CacheHandle cache) {
		return this.clears.clear(cache);
	}

	@Override
	public Request<Boolean> invalidate(CacheHandle cache) {
		return this.clears.invalidate(cache);
	}

	/**
	 * Who loads what, of all instances.
	 * @return the leases of this store
	 */
	public LoadLeases loadLeases() {
		return this.loadLeases;
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
	 * What a sweeper needs.
	 * @return the one of this store
	 */
	public SweepSupport sweepSupport() {
		return new SweepSupport(this.requests, this.schema, this.figures, this.horizon, this.monitor, this.timeout,
				this.lanes.hasSpareReader());
	}

	/**
	 * What transactions of the application need.
	 * @return the one of this store
	 */
	public TransactionSupport transactionSupport() {
		return this.transactionSupport;
	}

	/**
	 * Messages between the instances that share the schema.
	 * @param unpooled gives connections to listen on, one at a time; {@code null} if this
	 * instance only sends
	 * @return what sends and receives them
	 */
	public Notifications notifications(@Nullable DataSource unpooled) {
		return new Notifications(this.requests, this.notify, this.schema, this.timeout, unpooled);
	}

	/**
	 * Ask what is behind the connections, by the way that every other request takes.
	 * @param namespace the application whose caches to count
	 * @return the state
	 */
	public Request<ServerState> probe(String namespace) {
		return this.requests.aside(OperationKind.PROBE, new Probe(this.sql, namespace));
	}

	/**
	 * How many reads wait for a lane.
	 * @return their number now, those among them that nobody waits for any more
	 */
	public int queuedReads() {
		return this.lanes.queuedReads();
	}

	/**
	 * How many writes wait for a lane. A store with a single lane has one queue, in which
	 * all count as reads.
	 * @return their number now, those among them that nobody waits for any more
	 */
	public int queuedWrites() {
		return this.lanes.queuedWrites();
	}

	@Override
	public void close() {
		this.recovery.close();
		this.lanes.close();
		this.recovery.breaker().retire();
	}

}
