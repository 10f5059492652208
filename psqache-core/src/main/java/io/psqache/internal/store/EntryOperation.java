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

import java.util.List;

import io.psqache.OperationKind;
import io.psqache.internal.engine.Operation;
import io.psqache.internal.engine.OperationGroup;
import io.psqache.internal.engine.RequestQueue;

/**
 * An operation on one entry. It can share a statement with others of its class on the
 * same cache.
 *
 * @param <T> the type of the answer
 */
public abstract class EntryOperation<T> extends Operation<T> {

	private final CacheHandle cache;

	private final String key;

	private final long hash;

	/**
	 * Create an operation.
	 * @param queue where it waits
	 * @param kind what it does
	 * @param cache the cache of the entry
	 * @param key the stored key of the entry
	 */
	protected EntryOperation(RequestQueue queue, OperationKind kind, CacheHandle cache, String key) {
		super(queue, kind);
		this.cache = cache;
		this.key = key;
		this.hash = KeyHash.of(key);
	}

	/**
	 * The operations of a statement, by their class.
	 * @param <O> the class
	 * @param all the operations, which share a statement
	 * @return the same operations
	 */
	@SuppressWarnings("unchecked") // operations that share a statement are of one class
	protected static <O extends Operation<?>> List<O> typed(List<? extends Operation<?>> all) {
		return (List<O>) all;
	}

	/**
	 * The cache of the entry.
	 * @return the cache
	 */
	protected final CacheHandle cache() {
		return this.cache;
	}

	/**
	 * The stored key of the entry.
	 * @return the key
	 */
	public final String key() {
		return this.key;
	}

	/**
	 * The hash of the key.
	 * @return see {@link KeyHash}
	 */
	public final long hash() {
		return this.hash;
	}

	@Override
	protected final boolean isBatchable() {
		return true;
	}

	@Override
	protected boolean sharesStatementWith(Operation<?> other) {
		return other.getClass() == getClass() && ((EntryOperation<?>) other).cache == this.cache;
	}

	@Override
	protected final boolean isOrderedWith(Operation<?> other) {
		if (kind().isRead()) {
			return false;
		}
		if (other instanceof OperationGroup group) {
			return group.isOrderedWith(this);
		}
		return other instanceof EntryOperation<?> operation && operation.hash == this.hash
				&& operation.cache == this.cache;
	}

}
