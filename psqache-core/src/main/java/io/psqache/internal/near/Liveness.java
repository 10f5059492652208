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
 * Until when copies may be used without a further word from the channel. What this
 * instance has sent to itself at some time has come back, and messages come in the order
 * of commits: so every change that was announced before that time is known. Thread-safe.
 */
final class Liveness {

	/**
	 * How old may be what is not known yet.
	 */
	static final Duration LIMIT = Duration.ofSeconds(2);

	private volatile long until = System.nanoTime();

	boolean isAlive(long now) {
		return now - this.until < 0;
	}

	/**
	 * Heard what this instance had sent.
	 * @param sentAt when, by {@link System#nanoTime()}
	 */
	void heard(long sentAt) {
		long later = sentAt + LIMIT.toNanos();
		if (later - this.until > 0) { // only the listener's thread gets here
			this.until = later;
		}
	}

	void lost() {
		this.until = System.nanoTime();
	}

}
