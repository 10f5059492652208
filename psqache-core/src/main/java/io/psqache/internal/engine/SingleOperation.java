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
import java.util.List;

import io.psqache.OperationKind;

/**
 * An operation that does not share its statement.
 *
 * @param <T> the type of the answer
 */
public class SingleOperation<T> extends Operation<T> {

	private final Work<T> work;

	/**
	 * Create an operation.
	 * @param queue the queue to wait in
	 * @param kind the kind of the operation
	 * @param work executes the operation
	 */
	public SingleOperation(RequestQueue queue, OperationKind kind, Work<T> work) {
		super(queue, kind);
		this.work = work;
	}

	@Override
	protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
		succeed(this.work.on(session));
	}

}
