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

package io.psqache.internal.transaction;

import io.psqache.internal.store.NewEntry;

/**
 * A put that waits for the commit.
 *
 * @param entry the entry to write, with the fence of the preceding miss, if any
 * @param listener receives the outcome
 */
public record CollectedPut(NewEntry entry, PutListener listener) {

	boolean isFenced() {
		return this.entry.fence() != null;
	}

	/**
	 * Notify the listener.
	 * @param stored whether the entry was written; otherwise its fence refused it
	 */
	void notifyListener(boolean stored) {
		if (stored) {
			this.listener.stored();
		}
		else {
			this.listener.refused();
		}
	}

}
