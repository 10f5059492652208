package io.psqache.transaction;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import io.psqache.store.CacheChanges;
import io.psqache.store.CacheHandle;
import io.psqache.store.Fence;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What the caches of one manager do in one transaction of the application:
 * <ol>
 * <li>Changes are collected. A savepoint of the transaction is one of the changes, too,
 * and while the transaction is suspended so are they.</li>
 * <li>Before the commit, as the last of all, they are written. What is changed later than
 * that (by what the commit itself causes) is written at once.</li>
 * <li>When the transaction is over nothing is left. Where the changes cannot be part of
 * it they are written then.</li>
 * </ol>
 * Not thread-safe: a transaction has one thread.
 */
final class CacheTransaction implements TransactionSynchronization {

	private final Object key;

	private final ChangeWriter writer;

	private final @Nullable TransactionConnection connection;

	private final boolean readOnly = TransactionSynchronizationManager.isCurrentTransactionReadOnly();

	private final boolean keepsItsSnapshot = keepsItsSnapshot();

	private final Deque<Saved> saved = new ArrayDeque<>();

	/**
	 * All changes, for those who read.
	 */
	private PendingChanges changes = new PendingChanges();

	/**
	 * Those that are not written yet.
	 */
	private PendingChanges unwritten = new PendingChanges();

	private boolean writesAtOnce;

	private boolean over;

	private boolean told;

	/**
	 * Join the transaction of this thread.
	 * @param key what to be bound by
	 * @param connection its connection; {@code null} if changes cannot be part of it
	 */
	CacheTransaction(Object key, ChangeWriter writer, @Nullable TransactionConnection connection) {
		this.key = key;
		this.writer = writer;
		this.connection = connection;
	}

	/**
	 * When the transaction is over nobody may add to it, whoever else is told of that.
	 */
	void join() {
		TransactionSynchronizationManager.bindResource(this.key, this);
		TransactionSynchronizationManager.registerSynchronization(this);
		TransactionSynchronizationManager.registerSynchronization(new End());
	}

	boolean isOver() {
		return this.over;
	}

	PendingChanges changes() {
		return this.changes;
	}

	/**
	 * What a load that begins now will see.
	 */
	Fence fence(CacheHandle cache) {
		Fence fence = (this.connection != null) ? this.writer.fenceWithin(this.connection, cache) : fenceBeside(cache);
		return this.unwritten.isCleared(cache) ? fence.afterClear() : fence;
	}

	/**
	 * By another connection, which may see more than the transaction does: what is loaded
	 * from a snapshot that is kept may be older than this fence.
	 */
	private Fence fenceBeside(CacheHandle cache) {
		Fence fence = this.writer.fence(cache);
		return this.keepsItsSnapshot ? fence.shut() : fence;
	}

	/**
	 * As far as is known here: the database may have another default.
	 */
	private static boolean keepsItsSnapshot() {
		Integer isolation = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
		return isolation != null && isolation >= TransactionDefinition.ISOLATION_REPEATABLE_READ;
	}

	void put(CacheHandle cache, String entryKey, NewEntry entry, PutListener listener) {
		change((changes) -> changes.put(cache, entryKey, entry, listener));
	}

	void evict(CacheHandle cache, String entryKey) {
		change((changes) -> changes.evict(cache, entryKey));
	}

	void clear(CacheHandle cache) {
		change((changes) -> changes.clear(cache));
	}

	private void change(Consumer<PendingChanges> change) {
		change.accept(this.changes);
		change.accept(this.unwritten);
		if (this.writesAtOnce) {
			write();
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void suspend() {
		TransactionSynchronizationManager.unbindResource(this.key);
	}

	@Override
	public void resume() {
		TransactionSynchronizationManager.bindResource(this.key, this);
	}

	@Override
	public void savepoint(Object savepoint) {
		this.saved.push(new Saved(savepoint, this.changes.copy(), this.unwritten.copy()));
	}

	/**
	 * A savepoint that is not known was there before the first change.
	 */
	@Override
	public void savepointRollback(Object savepoint) {
		Saved found = null;
		while (!this.saved.isEmpty() && found == null) {
			Saved last = this.saved.pop();
			found = last.savepoint().equals(savepoint) ? last : null;
		}
		this.changes = (found != null) ? found.changes().copy() : new PendingChanges();
		this.unwritten = (found != null) ? found.unwritten().copy() : new PendingChanges();
		if (found != null) { // it may be rolled back to again
			this.saved.push(found);
		}
	}

	@Override
	public void beforeCommit(boolean readOnly) {
		if (isAtomic()) {
			PersistenceContexts.flush();
			write();
			this.writesAtOnce = true;
		}
	}

	private boolean isAtomic() {
		return this.connection != null && !this.readOnly;
	}

	/**
	 * Whether it was part of the commit. If the first change was caused by the commit
	 * itself (a listener of entities evicts while JPA sends its changes) it is too late
	 * for that.
	 */
	private boolean isWritten() {
		return isAtomic() && this.writesAtOnce;
	}

	private void write() {
		List<CacheChanges> all = this.unwritten.all();
		if (!all.isEmpty() && this.connection != null) {
			this.writer.writeWithin(this.connection, all, this.unwritten);
		}
		this.unwritten = new PendingChanges();
	}

	/**
	 * Where it is not known whether the transaction was committed, what it would have
	 * evicted is evicted; and where someone else's failure after the commit has kept
	 * {@link End} from being told.
	 */
	@Override
	public void afterCompletion(int status) {
		this.over = true;
		TransactionSynchronizationManager.unbindResourceIfPossible(this.key);
		if (status == STATUS_ROLLED_BACK || this.told) {
			return;
		}
		if (status == STATUS_COMMITTED) {
			this.writer.committed(this.changes.all());
		}
		else if (isWritten()) {
			this.writer.inDoubt(this.changes.all());
		}
		if (!isWritten()) {
			evictAll();
		}
	}

	private void evictAll() {
		List<CacheChanges> removals = this.changes.all().stream().map(CacheChanges::removals).toList();
		try {
			this.writer.writeAfter(removals, new PendingChanges());
		}
		catch (LostEvictionException ex) {
			this.writer.lost(removals, ex.reason());
		}
	}

	/**
	 * Is told first when the transaction was committed.
	 */
	private final class End implements TransactionSynchronization {

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void afterCommit() {
			CacheTransaction transaction = CacheTransaction.this;
			transaction.over = true;
			transaction.told = true;
			transaction.writer.committed(transaction.changes.all());
			if (!isWritten()) {
				transaction.writer.writeAfter(transaction.changes.all(), transaction.changes);
			}
		}

	}

	/**
	 * What there was at a savepoint.
	 */
	private record Saved(Object savepoint, PendingChanges changes, PendingChanges unwritten) {

	}

}
