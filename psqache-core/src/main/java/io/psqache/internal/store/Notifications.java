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

package io.psqache.internal.store;

import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import io.psqache.OperationKind;
import io.psqache.StoreException;
import io.psqache.internal.engine.Call;
import io.psqache.internal.engine.Engine;
import io.psqache.internal.engine.SingleOperation;
import org.jspecify.annotations.Nullable;

/**
 * Messages between all instances that use one schema of one database, by NOTIFY and
 * LISTEN. Thread-safe; {@link EntryStore#notifications} makes it.
 */
public final class Notifications {

	/**
	 * What one message may hold, in bytes.
	 */
	public static final int MAX_BYTES = Notify.MAX_BYTES;

	private final Engine engine;

	private final Notify notify;

	private final SchemaName schema;

	private final @Nullable DataSource unpooled;

	Notifications(Engine engine, Notify notify, SchemaName schema, @Nullable DataSource unpooled) {
		this.engine = engine;
		this.notify = notify;
		this.schema = schema;
		this.unpooled = unpooled;
	}

	/**
	 * Send messages in a transaction of their own, by a worker for reads: no write of an
	 * entry waits for them.
	 * @param messages in this order
	 * @return answers with their number
	 */
	public Call<Integer> send(List<String> messages) {
		return new SingleOperation<>(this.engine.reads(), OperationKind.ANNOUNCE, (session) -> {
			this.notify.send(session, messages);
			return messages.size();
		});
	}

	/**
	 * How long after its failure a write may still be done: it is cancelled within one
	 * time limit, and PostgreSQL may take a moment for it.
	 * @return the time
	 */
	public Duration longestWrite() {
		return this.engine.timeout().multipliedBy(2).plusSeconds(1);
	}

	/**
	 * How long a change may go untold after an instance has said that it keeps copies: an
	 * instance that writes looks for that now and then, and may be writing since.
	 * @return the time
	 */
	public Duration longestIgnorance() {
		return CacheRows.LOOK_INTERVAL.plus(longestWrite());
	}

	/**
	 * Whether there is anything to listen on.
	 * @return whether {@link #listen} can be called
	 */
	public boolean canListen() {
		return this.unpooled != null;
	}

	/**
	 * Listen from now on, on a connection that is there for nothing else.
	 * @return what was heard, to be closed
	 * @throws StoreException if there is no connection to be had
	 */
	public Subscription listen() {
		if (this.unpooled == null) {
			throw new IllegalStateException("There is no DataSource to receive notifications from");
		}
		return Subscription.open(this.unpooled, this.schema);
	}

}
