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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tracks the heartbeats of peers. A peer whose heartbeats stop without a shutdown message
 * may have made changes that it did not publish. All near entries are then dropped,
 * repeatedly while the peer may still be executing writes. Not thread-safe.
 */
final class PeerTracker {

	/**
	 * How long a peer may send nothing: four heartbeats.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(2);

	/**
	 * When a missing peer is removed. PostgreSQL has executed all of its requests by
	 * then.
	 */
	static final Duration MEMORY = Duration.ofSeconds(30);

	private final Map<String, Silence> silences = new LinkedHashMap<>();

	void heartbeat(String peer, long now) {
		this.silences.put(peer, new Silence(now, now));
	}

	void gone(String peer) {
		this.silences.remove(peer);
	}

	void forget() {
		this.silences.clear();
	}

	/**
	 * Return whether a peer is missing. Reports a missing peer once per
	 * {@link #PATIENCE}.
	 */
	boolean isPeerMissing(long now) {
		boolean missing = false;
		Iterator<Map.Entry<String, Silence>> all = this.silences.entrySet().iterator();
		while (all.hasNext()) {
			Map.Entry<String, Silence> peer = all.next();
			Silence silence = peer.getValue();
			if (now - silence.noticedAt() < PATIENCE.toNanos()) {
				continue;
			}
			missing = true;
			if (now - silence.since() >= MEMORY.toNanos()) {
				all.remove();
			}
			else {
				peer.setValue(new Silence(silence.since(), now));
			}
		}
		return missing;
	}

	/**
	 * When the last heartbeat was received, and when the silence was last reported.
	 */
	private record Silence(long since, long noticedAt) {

	}

}
