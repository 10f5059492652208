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
import java.util.Set;

import io.psqache.CacheBounds;
import org.jspecify.annotations.Nullable;

/**
 * One cache as its entries know it: what it is, and what this instance knows of its row
 * in {@code cache}. That is looked up when it is first needed, so that a cache can be had
 * while the database is down. Thread-safe.
 */
public final class CacheHandle {

	private final CacheDefinition definition;

	private final PendingEvictions pendingEvictions = new PendingEvictions();

	private final UnfinishedWrites unfinishedWrites = new UnfinishedWrites();

	private final AccessRecorder accesses;

	/**
	 * Its row; {@code null} until it is looked up, and once it is gone.
	 */
	volatile @Nullable CacheRow row;

	/**
	 * The id of the row that was found last. It outlives the row: messages must name the
	 * cache also if another thread forgets the row before they are made.
	 */
	private volatile @Nullable Integer lastId;

	/**
	 * Whether the row has what this application has set.
	 */
	volatile boolean isSet;

	/**
	 * Whether it is bounded, by this application or by another instance. It remains so.
	 */
	volatile boolean bounded;

	/**
	 * Whether some instance keeps copies of the entries. It remains so.
	 */
	volatile boolean near;

	/**
	 * Whether this instance was the first to say so, or may have been.
	 */
	volatile boolean marking;

	/**
	 * When it was last looked up whether some instance keeps copies, by
	 * {@link System#nanoTime()}.
	 */
	volatile long lookedAt;

	/**
	 * When it was last looked up, after a miss, whether the row is still there, likewise.
	 */
	volatile long missedAt;

	CacheHandle(CacheDefinition definition, AccessRecorder.Sender touches) {
		this.definition = definition;
		this.bounded = !definition.bounds().equals(CacheBounds.NONE);
		this.accesses = new AccessRecorder(this, touches);
		this.lookedAt = System.nanoTime() - CacheRows.LOOK_INTERVAL.toNanos();
		this.missedAt = this.lookedAt;
	}

	CacheDefinition definition() {
		return this.definition;
	}

	Staleness staleness() {
		return this.definition.staleness();
	}

	Duration fenceLife() {
		return this.definition.fenceLife();
	}

	/**
	 * Whether this process keeps copies of its entries.
	 */
	boolean hasNearCache() {
		return this.definition.listener().hasNearCache();
	}

	/**
	 * Whether reads tell how old an entry is, or how long it lives.
	 */
	boolean isTimed() {
		return hasNearCache() || staleness().told();
	}

	/**
	 * Entries have changed, or may have: the instances that keep copies are told.
	 * @param key the key of the entry; {@code null} for all
	 * @param isCertain whether the change is over
	 */
	public void changed(@Nullable String key, boolean isCertain) {
		if (this.near) {
			this.definition.listener().changed(this.lastId, key, isCertain);
		}
	}

	/**
	 * This process sees an entry otherwise than before, and no other instance need be
	 * told: the database does not show the change yet, or has told them.
	 * @param key the key of the entry; {@code null} for all
	 */
	public void changedHere(@Nullable String key) {
		if (hasNearCache()) {
			this.definition.listener().changed(null, key, true);
		}
	}

	/**
	 * What tells the instances that keep copies of changes which an application's
	 * transaction commits.
	 * @param row the row by which the transaction has changed them
	 * @param keys the keys of the entries; {@code null} for all
	 * @return the messages to send in the transaction
	 */
	public List<String> announcement(CacheRow row, @Nullable Set<String> keys) {
		return this.near ? this.definition.listener().messages(row.id(), keys) : List.of();
	}

	PendingEvictions pendingEvictions() {
		return this.pendingEvictions;
	}

	UnfinishedWrites unfinishedWrites() {
		return this.unfinishedWrites;
	}

	AccessRecorder accesses() {
		return this.accesses;
	}

	/**
	 * The row was found.
	 */
	void found(CacheRow row) {
		this.lastId = row.id();
		this.row = row;
	}

	/**
	 * The row is gone: the cache was dropped. The next use makes it again.
	 */
	public void forget() {
		this.row = null;
	}

	@Override
	public String toString() {
		return this.definition.name();
	}

}
