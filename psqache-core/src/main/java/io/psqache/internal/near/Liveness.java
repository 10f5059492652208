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

package io.psqache.internal.near;

import java.time.Duration;

/**
 * Determines until when near entries are valid without further messages. Messages arrive
 * in commit order. When this instance receives its own heartbeat, it has received every
 * change that was published before it. For strict near entries the heartbeat is the
 * renewal of the lease. Thread-safe.
 */
final class Liveness {

	/**
	 * How long a change may remain unknown to this instance.
	 */
	static final Duration LIMIT = Duration.ofSeconds(2);

	private final Duration limit;

	private volatile long until = System.nanoTime();

	Liveness() {
		this(LIMIT);
	}

	/**
	 * Create a new instance.
	 * @param limit how long near entries are valid after a heartbeat was sent
	 */
	Liveness(Duration limit) {
		this.limit = limit;
	}

	boolean isAlive(long now) {
		return now - this.until < 0;
	}

	/**
	 * A heartbeat of this instance was received.
	 * @param sentAt when it was sent, by {@link System#nanoTime()}
	 */
	void confirm(long sentAt) {
		long later = sentAt + this.limit.toNanos();
		if (later - this.until > 0) {
			this.until = later;
		}
	}

	void lost() {
		this.until = System.nanoTime();
	}

}
