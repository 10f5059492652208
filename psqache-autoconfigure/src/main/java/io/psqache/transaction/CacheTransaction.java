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
	private final PendingChanges changes = new PendingChanges();

	/**
	 * Those that are not written yet.
	 */
	private PendingChanges unwritten = new PendingChanges();

	private boolean writesAtOnce;

	private boolean over;

	private boolean told;

	private @Nullable LostEvictionException lost;

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
		if (isAtomic() && this.changes.isChanged(cache)) {
			PersistenceContexts.flush(); // else the load does not see it
		}
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
		this.saved.push(new Saved(savepoint, this.changes.position(), this.unwritten.position()));
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
		this.changes.rollBackTo((found != null) ? found.changes() : 0);
		this.unwritten.rollBackTo((found != null) ? found.unwritten() : 0);
		if (found != null) { // it may be rolled back to again
			this.saved.push(found);
		}
	}

	@Override
	public void beforeCommit(boolean readOnly) {
		TransactionSynchronizationManager.registerSynchronization(new Last());
		if (isAtomic()) {
			PersistenceContexts.flush();
			write();
			this.writesAtOnce = true;
		}
	}

	private boolean isAtomic() {
		return this.connection != null && !this.readOnly;
	}

	private void write() {
		List<CacheChanges> all = this.unwritten.all();
		if (!all.isEmpty() && this.connection != null) {
			this.writer.writeWithin(this.connection, all, this.unwritten);
		}
		this.unwritten = new PendingChanges();
	}

	/**
	 * What was not part of the commit follows it: where it cannot be part, and where the
	 * first change is caused by the commit itself (a listener of entities evicts while
	 * JPA sends its changes).
	 */
	private void committed() {
		if (this.told) {
			return;
		}
		this.told = true;
		this.over = true;
		this.writer.committed(this.changes.all());
		if (!this.unwritten.isEmpty()) {
			this.writer.writeAfter(this.unwritten.all(), this.unwritten);
		}
	}

	/**
	 * After the commit someone else's failure may have kept {@link End} from being told,
	 * or the first change came later than that. Where it is not known whether the
	 * transaction was committed, what it would have evicted is evicted.
	 */
	@Override
	public void afterCompletion(int status) {
		this.over = true;
		TransactionSynchronizationManager.unbindResourceIfPossible(this.key);
		if (status == STATUS_ROLLED_BACK) {
			return;
		}
		List<CacheChanges> rest = this.unwritten.all();
		if (this.lost != null) {
			this.writer.lost(rest, this.lost.reason());
		}
		try {
			if (status == STATUS_COMMITTED) {
				committed();
			}
			else {
				this.writer.inDoubt(this.changes.all());
				rest = rest.stream().map(CacheChanges::removals).toList();
				this.writer.writeAfter(rest, new PendingChanges());
			}
		}
		catch (LostEvictionException ex) {
			this.writer.lost(rest, ex.reason());
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
			try {
				committed();
			}
			catch (LostEvictionException ex) {
				CacheTransaction.this.lost = ex;
			}
		}

	}

	/**
	 * Is told last: its failure would keep others from being told.
	 */
	private final class Last implements TransactionSynchronization {

		@Override
		public void afterCommit() {
			LostEvictionException failure = CacheTransaction.this.lost;
			if (failure != null) {
				CacheTransaction.this.lost = null;
				throw failure;
			}
		}

	}

	/**
	 * What there was at a savepoint.
	 */
	private record Saved(Object savepoint, int changes, int unwritten) {

	}

}
