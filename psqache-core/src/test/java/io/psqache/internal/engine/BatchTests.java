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
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which operations share a batch, so that two operations on one entry keep their
 * order.
 */
class BatchTests {

	@Test
	void acceptsOtherStatementsOnDifferentEntries() {
		Batch batch = Batch.of(new Write("put", "a"));
		batch.add(new Write("put", "b"));
		assertThat(batch.accepts(new Write("evict", "c"))).isTrue();
		batch.add(new Write("evict", "c"));
		assertThat(batch.accepts(new Write("put", "d"))).isTrue();
	}

	@Test
	void acceptsTheSameStatementOnOneEntry() {
		assertThat(Batch.of(new Write("put", "a")).accepts(new Write("put", "a"))).isTrue();
	}

	@Test
	void refusesAnotherStatementOnOneEntry() {
		Batch batch = Batch.of(new Write("put", "a"));
		assertThat(batch.accepts(new Write("evict", "a"))).isFalse();
		batch.add(new Write("evict", "b"));
		assertThat(batch.accepts(new Write("put", "b"))).isFalse();
		assertThat(batch.accepts(new Write("put", "c"))).isTrue();
	}

	@Test
	void refusesAnOperationThatIsExecutedAlone() {
		Operation<Boolean> alone = new Write("clear", "a", 0, false);
		assertThat(Batch.of(new Write("put", "b")).accepts(alone)).isFalse();
		assertThat(Batch.of(alone).accepts(new Write("put", "b"))).isFalse();
		assertThat(Batch.of(alone).isLong()).isTrue();
	}

	@Test
	void refusesMoreThanTheMaximumNumber() {
		Batch batch = Batch.of(new Write("put", "first"));
		for (int i = 1; i < Batch.MAX_SIZE; i++) {
			Write write = new Write("put", "key" + i);
			assertThat(batch.accepts(write)).isTrue();
			batch.add(write);
		}
		assertThat(batch.accepts(new Write("put", "last"))).isFalse();
	}

	@Test
	void refusesMoreThanTheMaximumBytes() {
		Batch batch = Batch.of(large("a"));
		batch.add(large("b"));
		assertThat(batch.accepts(large("c"))).isTrue();
		batch.add(large("c"));
		assertThat(batch.accepts(large("d"))).isFalse();
		assertThat(batch.accepts(new Write("evict", "e"))).isTrue();
	}

	@Test
	void largerOperationHasItsOwnBatch() {
		Batch batch = Batch.of(new Write("put", "a", 2 * Batch.MAX_BYTES, true));
		assertThat(batch.accepts(new Write("put", "b", 1, true))).isFalse();
	}

	private static Write large(String key) {
		return new Write("put", key, Batch.MAX_BYTES / 3, true);
	}

	/**
	 * A write that is never executed.
	 */
	private static final class Write extends Operation<Boolean> {

		private final String statement;

		private final String key;

		private final long bytes;

		private final boolean shareable;

		Write(String statement, String key) {
			this(statement, key, 0, true);
		}

		@SuppressWarnings("NullAway") // it never reaches a queue
		Write(String statement, String key, long bytes, boolean shareable) {
			super(null, OperationKind.PUT);
			this.statement = statement;
			this.key = key;
			this.bytes = bytes;
			this.shareable = shareable;
		}

		@Override
		protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
			throw new IllegalStateException("Nothing is executed here");
		}

		@Override
		protected boolean isBatchable() {
			return this.shareable;
		}

		@Override
		protected boolean sharesStatementWith(Operation<?> other) {
			return this.shareable && ((Write) other).statement.equals(this.statement);
		}

		@Override
		protected boolean isOrderedWith(Operation<?> other) {
			return ((Write) other).key.equals(this.key);
		}

		@Override
		public long bytes() {
			return this.bytes;
		}

	}

}
