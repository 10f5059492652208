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

import java.util.List;

import io.psqache.OperationKind;

/**
 * A group of operations that can share a statement and take one place in the queue. The
 * group succeeds when each of its operations has its own answer or failure.
 */
public final class OperationGroup extends Operation<Boolean> {

	private final List<? extends Operation<?>> operations;

	/**
	 * Create a group.
	 * @param queue the queue to wait in
	 * @param kind the kind of the operations
	 * @param operations the operations, at least one
	 */
	public OperationGroup(RequestQueue queue, OperationKind kind, List<? extends Operation<?>> operations) {
		super(queue, kind);
		this.operations = List.copyOf(operations);
	}

	/**
	 * Return the operations of this group.
	 * @return the operations in their original order
	 */
	public List<? extends Operation<?>> operations() {
		return this.operations;
	}

	/**
	 * Execute the operations, which are counted instead of the group.
	 */
	@Override
	void executeCounted(WorkerSession session, List<? extends Operation<?>> all) {
		Batch.execute(session, this.operations);
		succeed(true);
	}

	@Override
	protected void execute(Session session, List<? extends Operation<?>> all) {
		throw new UnsupportedOperationException("Only a worker executes a group of operations");
	}

	@Override
	public boolean isOrderedWith(Operation<?> other) {
		return this.operations.stream().anyMatch((operation) -> operation.isOrderedWith(other));
	}

	@Override
	public long bytes() {
		return this.operations.stream().mapToLong(Operation::bytes).sum();
	}

	/**
	 * Report uncertain changes of the operations. An executed operation reports its own
	 * change.
	 */
	@Override
	protected void changed(boolean isCertain) {
		if (!isCertain) {
			this.operations.forEach((operation) -> operation.changed(false));
		}
	}

}
