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

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import io.psqache.LostEvictionException;
import io.psqache.internal.store.CacheHandle;
import io.psqache.internal.store.Fence;
import io.psqache.internal.store.Suspension;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes the caches of one manager through one transaction of the application:
 * <ol>
 * <li>Changes are collected. They are unbound while the transaction is suspended.</li>
 * <li>Before the commit, after all other synchronizations, the changes are written. A
 * later change, which the commit itself causes, is written immediately.</li>
 * <li>Changes that cannot be part of the transaction are written after the commit.</li>
 * </ol>
 * Not thread-safe: only the thread of the transaction uses it.
 */
final class CacheTransaction implements TransactionSynchronization {

	private final Object key;

	private final WritableConnection connection;

	private final LoadFences fences;

	private final CommitWriter writer;

	private final AfterCommitWriter afterCommitWriter;

	private final CommitListeners listeners;

	private final boolean readOnly = TransactionSynchronizationManager.isCurrentTransactionReadOnly();

	private final ChangeLog changes = new ChangeLog();

	/**
	 * The suspensions of strict near entries until this transaction ends.
	 */
	private final List<Suspension> suspensions = new ArrayList<>();

	private Phase phase = Phase.COLLECTING;

	/**
	 * The failure that {@link Last} throws after the commit.
	 */
	private @Nullable LostEvictionException lost;

	/**
	 * Create it for the transaction of this thread.
	 * @param key the resource key
	 * @param connection the connection of the transaction, if it can write the changes
	 */
	CacheTransaction(Object key, WritableConnection connection, LoadFences fences, CommitWriter writer,
			AfterCommitWriter afterCommitWriter, CommitListeners listeners) {
		this.key = key;
		this.connection = connection;
		this.fences = fences;
		this.writer = writer;
		this.afterCommitWriter = afterCommitWriter;
		this.listeners = listeners;
	}

	/**
	 * Bind to the transaction of this thread and register for its events.
	 */
	void join() {
		TransactionSynchronizationManager.bindResource(this.key, this);
		TransactionSynchronizationManager.registerSynchronization(this);
		TransactionSynchronizationManager.registerSynchronization(new End());
	}

	boolean isEnded() {
		return this.phase == Phase.COMMITTED || this.phase == Phase.ENDED;
	}

	ChangeLog changes() {
		return this.changes;
	}

	/**
	 * Return the fence for a load that begins now. Pending changes of JPA are flushed
	 * first, because the load would not see them.
	 */
	Fence fence(CacheHandle cache) {
		if (isAtomic() && this.changes.isChanged(cache)) {
			PersistenceContexts.flush();
		}
		Fence fence = this.fences.take(cache);
		return this.changes.isClearUnwritten(cache) ? fence.afterClear() : fence;
	}

	/**
	 * Return whether another connection can also clear a cache, without a conflict when
	 * the transaction clears it before the commit.
	 */
	boolean admitsOtherClears() {
		return !isAtomic() || !Objects.requireNonNull(this.connection.get()).keepsSnapshot();
	}

	void change(Consumer<ChangeLog> change) {
		change.accept(this.changes);
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
		return !this.readOnly && this.connection.get() != null;
	}

	private void write() {
		List<CacheChanges> unwritten = this.changes.unwritten();
		if (!unwritten.isEmpty()) {
			this.suspensions.addAll(this.writer.write(Objects.requireNonNull(this.connection.get()), unwritten));
		}
		this.changes.written();
	}

	/**
	 * Write the changes that were not part of the commit. Changes cannot be part of it if
	 * the connection cannot write them. They are also late if the commit causes the first
	 * change: an entity listener evicts while JPA flushes.
	 */
	private void committed() {
		if (this.phase == Phase.COMMITTED) {
			return;
		}
		this.phase = Phase.COMMITTED;
		this.listeners.committed(this.changes.all());
		endSuspensions();
		this.afterCommitWriter.write(this.changes.unwritten());
	}

	/**
	 * Process the end of the transaction. {@link End} has processed a commit, unless
	 * another synchronization failed or the first change came later. If the outcome is
	 * unknown, the evictions are executed.
	 */
	@Override
	public void afterCompletion(int status) {
		TransactionSynchronizationManager.unbindResourceIfPossible(this.key);
		List<CacheChanges> remaining = (status != STATUS_ROLLED_BACK) ? this.changes.unwritten()
				: this.changes.persistent();
		if (this.lost != null) {
			this.listeners.lost(remaining, this.lost.reason());
		}
		try {
			switch (status) {
				case STATUS_COMMITTED -> committed();
				case STATUS_ROLLED_BACK -> rolledBack();
				default -> inDoubt();
			}
		}
		catch (LostEvictionException ex) {
			this.listeners.lost(remaining, ex.reason());
		}
	}

	/**
	 * Repeat the persistent evictions. The first attempt may have failed on a lock that
	 * the transaction itself held.
	 */
	private void rolledBack() {
		this.phase = Phase.ENDED;
		endSuspensions();
		this.afterCommitWriter.write(this.changes.persistent());
	}

	private void endSuspensions() {
		this.suspensions.forEach(Suspension::end);
		this.suspensions.clear();
	}

	private void inDoubt() {
		this.phase = Phase.ENDED;
		this.listeners.inDoubt(this.changes.all());
		this.afterCommitWriter.write(this.changes.unwritten().stream().map(CacheChanges::evictions).toList());
		this.afterCommitWriter.write(this.changes.persistent());
	}

	/**
	 * The phase of the transaction.
	 */
	private enum Phase {

		/**
		 * Changes are collected.
		 */
		COLLECTING,

		/**
		 * The changes are written as part of the commit. A later change is written
		 * immediately.
		 */
		COMMITTING,

		/**
		 * The transaction was committed. A later change takes effect immediately.
		 */
		COMMITTED,

		/**
		 * The transaction was rolled back, or its outcome is unknown.
		 */
		ENDED

	}

	/**
	 * Processes the commit before all other synchronizations.
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
	 * Throws the failure of an eviction after all other synchronizations have run,
	 * because the exception would prevent their calls.
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
