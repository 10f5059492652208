package io.psqache.transaction;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import io.psqache.store.CacheChanges;
import io.psqache.store.CacheHandle;
import io.psqache.store.Fence;
import io.psqache.store.NewEntry;
import io.psqache.store.PutListener;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
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

	private final @Nullable TransactionConnection connection;

	private final LoadFences fences;

	private final CommitWriter writer;

	private final LateWriter lateWriter;

	private final CommitListeners listeners;

	private final boolean readOnly = TransactionSynchronizationManager.isCurrentTransactionReadOnly();

	private final CollectedChanges changes = new CollectedChanges();

	private Phase phase = Phase.COLLECTING;

	private @Nullable LostEvictionException lost;

	/**
	 * Join the transaction of this thread.
	 * @param key what to be bound by
	 * @param connection its connection; {@code null} if changes cannot be part of it
	 */
	CacheTransaction(Object key, @Nullable TransactionConnection connection, LoadFences fences, CommitWriter writer,
			LateWriter lateWriter, CommitListeners listeners) {
		this.key = key;
		this.connection = connection;
		this.fences = fences;
		this.writer = writer;
		this.lateWriter = lateWriter;
		this.listeners = listeners;
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
		return this.phase == Phase.COMMITTED || this.phase == Phase.ENDED;
	}

	PendingChanges changes() {
		return this.changes.all();
	}

	/**
	 * What a load that begins now will see.
	 */
	Fence fence(CacheHandle cache) {
		if (isAtomic() && changes().isChanged(cache)) {
			PersistenceContexts.flush(); // else the load does not see it
		}
		Fence fence = this.fences.take(cache);
		return this.changes.unwritten().isCleared(cache) ? fence.afterClear() : fence;
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
		this.changes.add(change);
		if (this.phase == Phase.COMMITTING) {
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
		this.changes.savepoint(savepoint);
	}

	@Override
	public void savepointRollback(Object savepoint) {
		this.changes.rollBackTo(savepoint);
	}

	@Override
	public void beforeCommit(boolean readOnly) {
		TransactionSynchronizationManager.registerSynchronization(new Last());
		if (isAtomic()) {
			PersistenceContexts.flush();
			write();
			this.phase = Phase.COMMITTING;
		}
	}

	private boolean isAtomic() {
		return this.connection != null && !this.readOnly;
	}

	private void write() {
		PendingChanges unwritten = this.changes.unwritten();
		if (!unwritten.isEmpty()) {
			this.writer.write(Objects.requireNonNull(this.connection), unwritten.all(), unwritten.puts());
		}
		this.changes.written();
	}

	/**
	 * What was not part of the commit follows it: where it cannot be part, and where the
	 * first change is caused by the commit itself (a listener of entities evicts while
	 * JPA sends its changes).
	 */
	private void committed() {
		if (this.phase == Phase.COMMITTED) {
			return;
		}
		this.phase = Phase.COMMITTED;
		this.listeners.committed(changes().all());
		PendingChanges unwritten = this.changes.unwritten();
		if (!unwritten.isEmpty()) {
			this.lateWriter.write(unwritten.all(), unwritten.puts());
		}
	}

	/**
	 * After the commit someone else's failure may have kept {@link End} from being told,
	 * or the first change came later than that. Where it is not known whether the
	 * transaction was committed, what it would have evicted is evicted.
	 */
	@Override
	public void afterCompletion(int status) {
		TransactionSynchronizationManager.unbindResourceIfPossible(this.key);
		List<CacheChanges> rest = this.changes.unwritten().all();
		if (this.lost != null) {
			this.listeners.lost(rest, this.lost.reason());
		}
		try {
			switch (status) {
				case STATUS_COMMITTED -> committed();
				case STATUS_ROLLED_BACK -> this.phase = Phase.ENDED;
				default -> inDoubt();
			}
		}
		catch (LostEvictionException ex) {
			this.listeners.lost(rest, ex.reason());
		}
	}

	private void inDoubt() {
		this.phase = Phase.ENDED;
		this.listeners.inDoubt(changes().all());
		this.lateWriter.write(this.changes.unwritten().all().stream().map(CacheChanges::removals).toList(), List.of());
	}

	/**
	 * How far the transaction has got.
	 */
	private enum Phase {

		/**
		 * Changes are collected.
		 */
		COLLECTING,

		/**
		 * They are part of the commit, and were written: what follows is written at once.
		 */
		COMMITTING,

		/**
		 * It was committed, and what follows takes effect at once.
		 */
		COMMITTED,

		/**
		 * It was rolled back, or nobody knows.
		 */
		ENDED

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

}
