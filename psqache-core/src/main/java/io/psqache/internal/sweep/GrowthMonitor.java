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
 * Estimates from the number of written entries whether a cache may have exceeded its
 * bound since the last walk. Only a walk can count the entries. Not thread-safe.
 */
final class GrowthMonitor {

	private final UsageRegistry usage;

	private final Runnable alarm;

	private long insertedAtBegin;

	private long writtenAtBegin;

	/**
	 * Zero until the first walk has ended, so that the first walk does not rest longer
	 * than necessary.
	 */
	private long headroom;

	private boolean usedBeforeWalk;

	/**
	 * Create a new instance.
	 * @param usage counts the entries that this instance writes to caches that have
	 * bounds
	 * @param alarm runs when this instance alone has written so many entries that a bound
	 * may be exceeded
	 */
	GrowthMonitor(UsageRegistry usage, Runnable alarm) {
		this.usage = usage;
		this.alarm = alarm;
	}

	/**
	 * Begin a walk, which counts everything that was written until now. If the headroom
	 * is already used, it counts as used until the walk ends.
	 * @param inserted the rows inserted by all instances in all caches, from the
	 * statistics of PostgreSQL, which are up to one second old
	 */
	void begin(long inserted) {
		this.usedBeforeWalk = written(inserted) >= this.headroom;
		this.insertedAtBegin = inserted;
		this.writtenAtBegin = this.usage.written();
	}

	/**
	 * End a walk.
	 * @param headroom how many entries may be added before a cache is to be counted again
	 */
	void headroom(long headroom) {
		this.headroom = headroom;
		this.usedBeforeWalk = false;
	}

	private long written(long inserted) {
		return Math.max(inserted - this.insertedAtBegin, this.usage.written() - this.writtenAtBegin);
	}

	/**
	 * Return whether a bound may be exceeded by now. If not, set the alarm.
	 * @param inserted the current value of the same statistic
	 */
	boolean isHeadroomUsed(long inserted) {
		if (this.usedBeforeWalk || written(inserted) >= this.headroom) {
			return true;
		}
		this.usage.alarmAt((this.headroom < Long.MAX_VALUE - this.writtenAtBegin) ? this.writtenAtBegin + this.headroom
				: Long.MAX_VALUE, this.alarm);
		return false;
	}

}
