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
 * The other instances, as far as they were heard. One that falls silent without a word
 * may have died with changes that it had not told: then all copies must go, and again
 * while it may still be at work. One thread.
 */
final class PeerTracker {

	/**
	 * How long one may be silent: four heartbeats.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(2);

	/**
	 * When a silent one counts as dead. What it had asked of PostgreSQL is done by then.
	 */
	static final Duration MEMORY = Duration.ofSeconds(30);

	private final Map<String, Silence> silences = new LinkedHashMap<>();

	void heard(String sender, long now) {
		this.silences.put(sender, new Silence(now, now));
	}

	void gone(String sender) {
		this.silences.remove(sender);
	}

	void forget() {
		this.silences.clear();
	}

	/**
	 * Whether one has been silent for too long, once in each such time.
	 */
	boolean isOneMissing(long now) {
		boolean missing = false;
		Iterator<Map.Entry<String, Silence>> all = this.silences.entrySet().iterator();
		while (all.hasNext()) {
			Map.Entry<String, Silence> sender = all.next();
			Silence silence = sender.getValue();
			if (now - silence.noticedAt() < PATIENCE.toNanos()) {
				continue;
			}
			missing = true;
			if (now - silence.since() >= MEMORY.toNanos()) {
				all.remove();
			}
			else {
				sender.setValue(new Silence(silence.since(), now));
			}
		}
		return missing;
	}

	/**
	 * Since when one is silent, and when that last mattered.
	 */
	private record Silence(long since, long noticedAt) {

	}

}
