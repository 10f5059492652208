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

package io.psqache.internal.sweep;

import io.psqache.internal.store.UsageRegistry;

/**
 * Guesses by the number of entries that were written whether some cache may have passed
 * its bound since the last walk: only a walk knows. Not thread-safe.
 */
final class GrowthMonitor {

	private final UsageRegistry usage;

	private final Runnable alarm;

	private long insertedThen;

	private long ownThen;

	/**
	 * None is known at first: the first walk hurries.
	 */
	private long room;

	private boolean wasUsedUp;

	/**
	 * Create it.
	 * @param usage counts what this instance writes in caches that have bounds
	 * @param alarm what to do once this instance alone has written so many that a bound
	 * may be exceeded
	 */
	GrowthMonitor(UsageRegistry usage, Runnable alarm) {
		this.usage = usage;
		this.alarm = alarm;
	}

	/**
	 * A walk begins, which will see what was written until now: if the room is used up
	 * already, that is so until it ends.
	 * @param inserted rows inserted by all instances in all caches, as the statistics
	 * have it, which lag behind by a second
	 */
	void begin(long inserted) {
		this.wasUsedUp = written(inserted) >= this.room;
		this.insertedThen = inserted;
		this.ownThen = this.usage.written();
	}

	/**
	 * A walk has ended.
	 * @param room how many entries may be added before some cache is worth another look
	 */
	void room(long room) {
		this.room = room;
		this.wasUsedUp = false;
	}

	private long written(long inserted) {
		return Math.max(inserted - this.insertedThen, this.usage.written() - this.ownThen);
	}

	/**
	 * Whether a bound may be exceeded by now. If not, the alarm is set.
	 * @param inserted as above, now
	 */
	boolean isRoomUsedUp(long inserted) {
		if (this.wasUsedUp || written(inserted) >= this.room) {
			return true;
		}
		this.usage.ringAt((this.room < Long.MAX_VALUE - this.ownThen) ? this.ownThen + this.room : Long.MAX_VALUE,
				this.alarm);
		return false;
	}

}
