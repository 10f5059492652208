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
 * What the caches of one manager do in one transaction of the application:
 * <ol>
 * <li>Changes are collected, and set aside while the transaction is suspended.</li>
 * <li>Before the commit, after all other work, they are written. A later change, which
 * the commit itself causes, is written at once.</li>
 * <li>Changes that cannot be part of the transaction are written after the commit.</li>
 * </ol>
 * Not thread-safe: a transaction has one thread.
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
	 * What {@link Last} is still to throw.
	 */
	private @Nullable LostEvictionException lost;

	/**
	 * Create it for the transaction of this thread.
	 * @param key what it is bound by
	 * @param connection the connection of the transaction, if changes can be part of it
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
	 * Join the transaction of this thread.
	 */
	void join() {
		TransactionSynchronizationManager.bindResource(this.key, this);
		TransactionSynchronizationManager.registerSynchronization(this);
		TransactionSynchronizationManager.registerSynchronization(new End());
	}

	boolean isOver() {
		return this.phase == Phase.COMMITTED || this.phase == Phase.ENDED;
	}

	ChangeLog changes() {
		return this.changes;
	}

	/**
	 * What a load that begins now will see. JPA first sends what it holds back, which the
	 * load would not see.
	 */
	Fence fence(CacheHandle cache) {
		if (isAtomic() && this.changes.isChanged(cache)) {
			PersistenceContexts.flush();
		}
		Fence fence = this.fences.take(cache);
		return this.changes.isClearUnwritten(cache) ? fence.afterClear() : fence;
	}

	/**
	 * Whether another connection can clear a cache, too, without a conflict with the
	 * transaction, which clears it before its commit.
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
	 * Write what was not part of the commit: where changes cannot be part of it, and
	 * where the commit itself causes the first change (a listener of entities evicts
	 * while JPA sends its changes).
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
	 * {@link End} has seen the commit, unless the failure of another synchronization has
	 * prevented that, or the first change came later. If it is not known whether the
	 * transaction was committed, its evictions are done.
	 */
	@Override
	public void afterCompletion(int status) {
		TransactionSynchronizationManager.unbindResourceIfPossible(this.key);
		List<CacheChanges> rest = (status != STATUS_ROLLED_BACK) ? this.changes.unwritten() : this.changes.persistent();
		if (this.lost != null) {
			this.listeners.lost(rest, this.lost.reason());
		}
		try {
			switch (status) {
				case STATUS_COMMITTED -> committed();
				case STATUS_ROLLED_BACK -> rolledBack();
				default -> inDoubt();
			}
		}
		catch (LostEvictionException ex) {
			this.listeners.lost(rest, ex.reason());
		}
	}

	/**
	 * The evictions that persist were done when they were asked for, unless the
	 * transaction itself kept them from it. So they are done again.
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
	 * How far the transaction has got.
	 */
	private enum Phase {

		/**
		 * Changes are collected.
		 */
		COLLECTING,

		/**
		 * The changes are written, as part of the commit. A later change is written at
		 * once.
		 */
		COMMITTING,

		/**
		 * The transaction was committed. A later change takes effect at once.
		 */
		COMMITTED,

		/**
		 * The transaction was rolled back, or its end is not known.
		 */
		ENDED

	}

	/**
	 * Is told of the commit before all others.
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
	 * Is told of the commit after all others, which its failure would prevent from being
	 * told.
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
