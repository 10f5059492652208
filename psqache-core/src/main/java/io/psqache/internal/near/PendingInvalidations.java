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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Collects changes so that few messages cover many of them. Above a number of keys, the
 * whole cache counts as changed. Not thread-safe.
 */
final class PendingInvalidations {

	/**
	 * The maximum number of individual keys per cache, which need about five messages.
	 */
	static final int MAX_KEYS = 2_000;

	private final Map<Integer, Keys> caches = new LinkedHashMap<>();

	/**
	 * Add a change.
	 * @param hash the hash of the key; {@code null} for all keys
	 * @param micros when it happened, in microseconds since 1970
	 */
	void add(int cacheId, @Nullable Long hash, long micros) {
		this.caches.computeIfAbsent(cacheId, (any) -> new Keys(micros)).add(hash);
	}

	/**
	 * Add changes whose publication failed.
	 */
	void addAll(PendingInvalidations earlier) {
		earlier.caches.forEach((cacheId, keys) -> {
			Keys present = this.caches.computeIfAbsent(cacheId, (any) -> new Keys(keys.micros));
			present.micros = Math.min(present.micros, keys.micros);
			keys.hashes.forEach(present::add);
			if (keys.all) {
				present.add(null);
			}
		});
	}

	boolean isEmpty() {
		return this.caches.isEmpty();
	}

	/**
	 * Return the messages for these changes.
	 */
	List<String> messages(String sender) {
		List<String> messages = new ArrayList<>();
		this.caches.forEach((cacheId, keys) -> {
			if (keys.all) {
				messages.add(new InvalidationMessage.Changed(sender, keys.micros, cacheId, null).text());
				return;
			}
			List<Long> hashes = List.copyOf(keys.hashes);
			for (int from = 0; from < hashes.size(); from += InvalidationMessage.Changed.MAX_HASHES) {
				int to = Math.min(hashes.size(), from + InvalidationMessage.Changed.MAX_HASHES);
				messages.add(
						new InvalidationMessage.Changed(sender, keys.micros, cacheId, hashes.subList(from, to)).text());
			}
		});
		return messages;
	}

	private static final class Keys {

		private final Set<Long> hashes = new LinkedHashSet<>();

		private long micros;

		private boolean all;

		Keys(long micros) {
			this.micros = micros;
		}

		void add(@Nullable Long hash) {
			if (this.all) {
				return;
			}
			if (hash != null && this.hashes.size() < MAX_KEYS) {
				this.hashes.add(hash);
				return;
			}
			this.all = true;
			this.hashes.clear();
		}

	}

}
