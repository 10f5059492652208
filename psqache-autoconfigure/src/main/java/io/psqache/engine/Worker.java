package io.psqache.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Executes batches, with one connection whose statements stay open while there is work.
 * Its own thread drives it, or a caller that finds all workers idle.
 * <p>
 * The socket breaks when no answer comes within the time limit and a little, and
 * PostgreSQL is told to cancel a write that takes longer: nothing is written later than
 * one time limit after its caller gave up. Neither changes the state of the session,
 * which would reach others behind a pooler.
 */
final class Worker implements Session {

	/**
	 * How long an answer may take past the time limit. Until then PostgreSQL can say that
	 * a write was cancelled.
	 */
	static final Duration GRACE = Duration.ofMillis(100);

	/**
	 * A connection that is not used for so long goes back to the pool.
	 */
	private static final Duration MAX_UNUSED = Duration.ofMillis(50);

	/**
	 * After so long a connection goes back to the pool between two batches, which may
	 * want to replace it.
	 */
	private static final Duration MAX_HELD = Duration.ofSeconds(10);

	private static final Duration THREAD_KEEP_ALIVE = Duration.ofSeconds(10);

	private final Engine engine;

	private final RequestQueue queue;

	private final String name;

	private final CancellableWrite write = new CancellableWrite();

	/**
	 * By the text of the statement, which is the same object each time.
	 */
	private final IdentityHashMap<String, PreparedStatement> statements = new IdentityHashMap<>();

	private volatile @Nullable Connection connection;

	private @Nullable ServerSession serverSession;

	private long connectedAt;

	/**
	 * Whether there was little time left for the first answer.
	 */
	private boolean connectedLate;

	private volatile long usedAt;

	private @Nullable Throwable broken;

	private volatile @Nullable Batch underWay;

	private boolean blocked;

	private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

	private volatile boolean started;

	private volatile boolean closed;

	Worker(Engine engine, RequestQueue queue, String name) {
		this.engine = engine;
		this.queue = queue;
		this.name = name;
	}

	/**
	 * Drive it on its own thread. It is counted as busy.
	 */
	void start() {
		this.started = true;
		Thread present = this.thread.get();
		if (present == null) {
			Thread made = new Thread(this::drive, this.name);
			made.setDaemon(true);
			if (this.thread.compareAndSet(null, made)) {
				startThread(made);
				return;
			}
			present = this.thread.get();
		}
		LockSupport.unpark(present);
	}

	private void startThread(Thread made) {
		boolean running = false;
		try {
			made.start();
			running = true;
		}
		finally {
			if (!running) {
				this.started = false;
				this.thread.set(null);
			}
		}
	}

	private void drive() {
		do {
			while (isStarted()) {
				executeAll();
				this.started = false;
				this.queue.release(this);
			}
		}
		while (!hasEnded());
	}

	/**
	 * Wait until it is started.
	 * @return {@code false} if that takes so long that the thread may end
	 */
	private boolean isStarted() {
		long begin = System.nanoTime();
		while (!this.started && !this.closed) {
			long left = begin + THREAD_KEEP_ALIVE.toNanos() - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			LockSupport.parkNanos(this, left);
		}
		return this.started;
	}

	/**
	 * The thread ends, unless the worker was started just now.
	 */
	private boolean hasEnded() {
		Thread current = Thread.currentThread();
		this.thread.set(null);
		return !this.started || !this.thread.compareAndSet(null, current);
	}

	@SuppressWarnings("ThreadPriorityCheck") // only the size of batches relies on it
	private void executeAll() {
		Batch batch = this.queue.take(this);
		while (batch != null) {
			execute(batch);
			// The callers just answered may ask again, and go with the next batch: 17 %
			// more gets with 8 callers on 2 cores.
			Thread.yield();
			batch = this.queue.take(this);
		}
	}

	private void execute(Batch batch) {
		int engaged = batch.isAlone() ? 1 : 0;
		this.queue.engaged(engaged);
		try {
			connect();
			batch.execute(this);
		}
		catch (Throwable ex) { // every caller is answered, whatever happens
			Throwable failure = closedInstead(ex);
			batch.forEach((operation) -> failIfWanted(operation, failure));
		}
		finally {
			disconnectIfDue();
			this.underWay = null;
			this.queue.engaged(-engaged);
		}
	}

	/**
	 * Execute an operation on the thread of its caller.
	 */
	void execute(Operation<?> operation) {
		int engaged = operation.isShareable() ? 0 : 1;
		this.queue.engaged(engaged);
		this.engine.watchdog().wake();
		try {
			connect();
			Batch.execute(this, List.of(operation));
		}
		catch (Throwable ex) {
			failIfWanted(operation, closedInstead(ex));
		}
		finally {
			disconnectIfDue();
			this.queue.engaged(-engaged);
		}
	}

	private static void failIfWanted(Operation<?> operation, Throwable failure) {
		if (operation.isWanted()) {
			operation.fail(failure);
		}
	}

	/**
	 * The pool may be closed before a worker asks it for a connection.
	 */
	private Throwable closedInstead(Throwable failure) {
		return this.queue.isAbandoned() ? new StoreException(FailureCause.CLOSED, failure) : failure;
	}

	private void connect() throws SQLException {
		if (this.connection != null) {
			return;
		}
		long asked = System.nanoTime();
		Connection made = this.engine.pool().getConnection();
		Duration left = this.engine.timeout().minusNanos(System.nanoTime() - asked);
		try {
			made.setNetworkTimeout(Runnable::run, (int) (left.isNegative() ? GRACE : left.plus(GRACE)).toMillis());
			this.serverSession = ServerSession.of(made);
		}
		catch (SQLException ex) {
			made.close(); // or the pool would lose it
			throw ex;
		}
		this.connectedAt = asked;
		this.connectedLate = left.compareTo(this.engine.timeout().minus(GRACE)) < 0;
		this.connection = made;
	}

	/**
	 * The end of a batch: a connection that is broken, or was held for long, goes back.
	 * So does one that had to be waited for, whose first answer may take no longer than
	 * the time that was left.
	 */
	private void disconnectIfDue() {
		this.usedAt = System.nanoTime();
		if (this.broken != null) {
			this.write.abandon();
			disconnect();
		}
		else {
			this.write.end();
			if (this.connectedLate || this.usedAt - this.connectedAt >= MAX_HELD.toNanos()) {
				disconnect();
			}
		}
	}

	/**
	 * Give the connection back to the pool, which closes its statements.
	 */
	void disconnect() {
		Connection present = this.connection;
		this.statements.clear();
		this.serverSession = null;
		this.broken = null;
		this.connection = null;
		if (present != null) {
			try {
				present.close();
			}
			catch (SQLException ex) {
				// It was broken, and the pool has dropped it.
			}
		}
	}

	boolean isConnected() {
		return this.connection != null;
	}

	boolean isUnused(long now) {
		return this.connection != null && this.underWay == null && now - this.usedAt >= MAX_UNUSED.toNanos();
	}

	@Override
	public PreparedStatement query(String sql) throws SQLException {
		PreparedStatement open = this.statements.get(sql);
		return (open != null) ? open : prepare(sql);
	}

	private PreparedStatement prepare(String sql) throws SQLException {
		Connection present = this.connection;
		if (present == null) {
			throw new IllegalStateException("A worker prepares statements only while it is connected");
		}
		PreparedStatement statement = present.prepareStatement(this.engine.withSchema(sql));
		this.statements.put(sql, statement);
		return statement;
	}

	@Override
	public PreparedStatement update(String sql) throws SQLException {
		this.write.end();
		Connection present = this.connection;
		if (present != null) {
			this.engine.orphanedSessions().end(present);
		}
		PreparedStatement statement = query(sql);
		this.write.begin(statement, this.serverSession, System.nanoTime() + this.engine.timeout().toNanos());
		return statement;
	}

	/**
	 * A statement has failed.
	 */
	void failed(Throwable failure) {
		if (this.write.isUnderWay() && this.serverSession != null) {
			this.engine.orphanedSessions().add(this.serverSession, failure);
		}
		if (OrphanedSessions.isUnanswered(failure)
				|| StoreException.of(failure).failureCause() == FailureCause.UNAVAILABLE) {
			this.broken = failure;
		}
	}

	/**
	 * What has broken the connection, so that nothing else can be executed on it: the
	 * pool would only say that it is closed.
	 */
	@Nullable Throwable broken() {
		return this.broken;
	}

	OperationMonitor monitor() {
		return this.engine.monitor();
	}

	void cancelIfOverdue(long now) {
		this.write.cancelIfOverdue(now);
	}

	void begin(Batch batch) {
		this.underWay = batch;
	}

	@Nullable Batch underWay() {
		return this.underWay;
	}

	/**
	 * Whether what it would have taken waits for a batch of another worker.
	 */
	void blocked(boolean blocked) {
		this.blocked = blocked;
	}

	boolean isBlocked() {
		return this.blocked;
	}

	/**
	 * End the thread when it is idle.
	 */
	void close() {
		this.closed = true;
		LockSupport.unpark(this.thread.get());
	}

}
