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

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.psqache.OperationKind;
import io.psqache.internal.engine.Operation;
import io.psqache.internal.engine.RequestQueue;
import io.psqache.internal.engine.Session;
import org.jspecify.annotations.Nullable;

/**
 * Reads an entry, and takes a {@link Fence} if there is none and the caller is going to
 * load it. It is its own answer.
 */
final class Get extends EntryOperation<ReadAnswer> implements ReadAnswer {

	private final EntryReads reads;

	private final @Nullable Duration timeToIdle;

	private final boolean fenced;

	/**
	 * Another read of the same hash that shares its statement.
	 */
	@Nullable Get next;

	private @Nullable StoredValue present;

	private @Nullable Fence fence;

	private @Nullable EntryAge age;

	Get(RequestQueue queue, EntryReads reads, CacheHandle cache, String key, @Nullable Duration timeToIdle,
			boolean fenced) {
		super(queue, OperationKind.GET, cache, key);
		this.reads = reads;
		this.timeToIdle = timeToIdle;
		this.fenced = fenced;
	}

	@Override
	protected void execute(Session session, List<? extends Operation<?>> all) throws SQLException {
		this.reads.get(session, cache(), typed(all));
	}

	@Nullable Duration timeToIdle() {
		return this.timeToIdle;
	}

	boolean isFenced() {
		return this.fenced;
	}

	void found(StoredValue value, @Nullable EntryAge age) {
		this.present = value;
		this.age = age;
		succeed(this);
	}

	void missed(@Nullable Fence fence) {
		this.fence = fence;
		succeed(this);
	}

	@Override
	public @Nullable StoredValue present() {
		return this.present;
	}

	@Override
	public @Nullable Fence fence() {
		return this.fence;
	}

	@Override
	public @Nullable EntryAge age() {
		return this.age;
	}

}
