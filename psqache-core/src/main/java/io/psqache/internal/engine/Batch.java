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

package io.psqache.internal.engine;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.psqache.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The operations that a worker takes from the queue at once. Each group of operations
 * that can share a statement is one statement. Operations that must keep their order are
 * in one batch only if they share a statement. An operation that may take long has its
 * own batch.
 */
final class Batch {

	/**
	 * The maximum number of operations in a batch. It is limited because the first
	 * operation waits for the last.
	 */
	static final int MAX_SIZE = 128;

	/**
	 * The maximum number of bytes that the operations of a batch send. It is limited
	 * because a batch must finish within the timeout. A larger operation has its own
	 * batch.
	 */
	static final long MAX_BYTES = 1024 * 1024;

	private final List<List<Operation<?>>> groups = new ArrayList<>(2);

	private int size;

	private long bytes;

	private boolean batchable = true;

	static Batch of(Operation<?> operation) {
		Batch batch = new Batch();
		batch.add(operation);
		return batch;
	}

	/**
	 * Return whether an operation can be added to this batch.
	 */
	boolean accepts(Operation<?> operation) {
		return this.size < MAX_SIZE && this.batchable && operation.isBatchable()
				&& this.bytes + operation.bytes() <= MAX_BYTES && !isOrderedWithOtherGroup(operation);
	}

	private boolean isOrderedWithOtherGroup(Operation<?> operation) {
		for (List<Operation<?>> group : this.groups) {
			if (!group.get(0).sharesStatementWith(operation) && isOrderedWith(group, operation)) {
				return true;
			}
		}
		return false;
	}

	void add(Operation<?> operation) {
		group(operation).add(operation);
		this.batchable &= operation.isBatchable();
		this.size++;
		this.bytes += operation.bytes();
	}

	private List<Operation<?>> group(Operation<?> operation) {
		for (List<Operation<?>> group : this.groups) {
			if (group.get(0).sharesStatementWith(operation)) {
				return group;
			}
		}
		List<Operation<?>> group = new ArrayList<>();
		this.groups.add(group);
		return group;
	}

	/**
	 * Return whether an operation must wait until this batch has finished.
	 */
	boolean isOrderedWith(Operation<?> operation) {
		for (List<Operation<?>> group : this.groups) {
			if (isOrderedWith(group, operation)) {
				return true;
			}
		}
		return false;
	}

	static boolean isOrderedWith(List<Operation<?>> group, Operation<?> operation) {
		for (Operation<?> other : group) {
			if (other.isOrderedWith(operation)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether this batch is a single operation that may take long.
	 */
	boolean isLong() {
		return !this.batchable;
	}

	void forEach(Consumer<Operation<?>> action) {
		this.groups.forEach((group) -> group.forEach(action));
	}

	/**
	 * Execute the operations whose callers still wait. The others are skipped, because
	 * their writes would be too late.
	 */
	void execute(WorkerSession session) {
		for (List<Operation<?>> group : this.groups) {
			List<Operation<?>> wanted = wanted(group);
			if (!wanted.isEmpty()) {
				execute(session, wanted);
			}
		}
	}

	private static List<Operation<?>> wanted(List<Operation<?>> group) {
		for (Operation<?> operation : group) {
			if (!operation.isWanted()) {
				return group.stream().filter(Operation::isWanted).toList();
			}
		}
		return group;
	}

	/**
	 * Execute operations that share a statement. If an item causes a failure, each
	 * operation is repeated alone, so that only the bad item fails. If the connection
	 * fails, all operations fail.
	 */
	static void execute(WorkerSession session, List<? extends Operation<?>> operations) {
		Throwable broken = session.broken();
		if (broken != null) {
			operations.forEach((operation) -> operation.fail(broken));
			return;
		}
		try {
			operations.get(0).executeCounted(session, operations);
		}
		catch (SQLException | RuntimeException ex) {
			session.failed(ex);
			if (operations.size() > 1 && StoreException.of(ex).failureCause().isOfAnItem()) {
				executeEach(session, operations);
			}
			else {
				operations.forEach((operation) -> operation.fail(ex));
			}
		}
	}

	/**
	 * Execute operations one after the other. After a failure of the connection or the
	 * server the remaining operations fail without execution, because each would only
	 * wait for the timeout.
	 */
	private static void executeEach(WorkerSession session, List<? extends Operation<?>> operations) {
		Throwable failure = null;
		for (Operation<?> operation : operations) {
			if (!operation.isWanted()) {
				continue;
			}
			if (failure != null) {
				operation.fail(failure);
				continue;
			}
			failure = executeAlone(session, operation);
		}
	}

	private static @Nullable Throwable executeAlone(WorkerSession session, Operation<?> operation) {
		try {
			operation.executeCounted(session, List.of(operation));
			return null;
		}
		catch (SQLException | RuntimeException ex) {
			session.failed(ex);
			operation.fail(ex);
			boolean canContinue = session.broken() == null && StoreException.of(ex).failureCause().isOfAnItem();
			return canContinue ? null : ex;
		}
	}

}
