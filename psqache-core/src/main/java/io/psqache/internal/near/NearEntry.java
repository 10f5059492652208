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

import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * A near entry. It holds the value itself if the value is immutable, or the stored form,
 * from which each read creates a new value.
 */
final class NearEntry {

	/**
	 * An offset that makes a deadline earlier than any time a reader has taken.
	 */
	private static final long LONG_AGO = Duration.ofDays(1).toNanos();

	/**
	 * The hash of the entry's key.
	 */
	final long hash;

	/**
	 * The end of validity, by {@link System#nanoTime()}.
	 */
	private volatile long deadline;

	/**
	 * The size of the entry in bytes.
	 */
	final long bytes;

	private final @Nullable ValueWrapper shared;

	private final @Nullable Decoder decoder;

	private final StoredValue stored;

	private NearEntry(long hash, long deadline, long bytes, StoredValue stored, @Nullable ValueWrapper shared,
			@Nullable Decoder decoder) {
		this.hash = hash;
		this.deadline = deadline;
		this.bytes = bytes;
		this.stored = stored;
		this.shared = shared;
		this.decoder = decoder;
	}

	static NearEntry shared(long hash, long deadline, long bytes, ValueWrapper value, Decoder decoder) {
		return new NearEntry(hash, deadline, bytes, StoredValue.NULL, value, decoder);
	}

	static NearEntry stored(long hash, long deadline, long bytes, StoredValue stored) {
		return new NearEntry(hash, deadline, bytes, stored, null, null);
	}

	boolean isAlive(long now) {
		return now - this.deadline < 0;
	}

	/**
	 * End the validity, because readers may still hold the near entry.
	 */
	void end() {
		this.deadline = System.nanoTime() - LONG_AGO;
	}

	/**
	 * Return whether a replacement of this near entry may be shared among callers that
	 * use the given decoder.
	 */
	boolean mayBeSharedBy(Decoder other) {
		return this.decoder == other;
	}

	/**
	 * Return the value.
	 * @return the value, or {@code null} if it is shared by callers with another decoder
	 */
	@Nullable ValueWrapper value(Decoder reader) {
		if (this.shared != null) {
			return (this.decoder == reader) ? this.shared : null;
		}
		return new SimpleValueWrapper(reader.decode(this.stored));
	}

}
