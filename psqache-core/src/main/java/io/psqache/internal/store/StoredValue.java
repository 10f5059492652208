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
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A value as the {@code cache_entry} table keeps it: JSON text (column {@code value}), or
 * bytes (column {@code payload}), or a cached {@code null} (neither), and the name of the
 * type to read it back as. What is read comes as bytes from either column: no string need
 * be made between the socket and the decoder.
 * <p>
 * Immutable as long as the payload is not written to, which is not copied.
 */
public final class StoredValue {

	private static final String NULL_TYPE = "null";

	/**
	 * The time left to what never expires: longer than any entry lives that does.
	 */
	public static final Duration FOREVER = Duration.ofDays(36_500);

	/**
	 * A cached {@code null}.
	 */
	public static final StoredValue NULL = new StoredValue(null, null, NULL_TYPE);

	private final @Nullable String json;

	private final byte @Nullable [] payload;

	private final String type;

	private final @Nullable Duration timeLeft;

	private StoredValue(@Nullable String json, byte @Nullable [] payload, String type) {
		this(json, payload, type, null);
	}

	private StoredValue(@Nullable String json, byte @Nullable [] payload, String type, @Nullable Duration timeLeft) {
		this.json = json;
		this.payload = payload;
		this.type = type;
		this.timeLeft = timeLeft;
	}

	/**
	 * A value that JSONB can hold.
	 * @param json the JSON text
	 * @param type the name of the type to read it back as
	 * @return the value
	 */
	public static StoredValue json(String json, String type) {
		return new StoredValue(Objects.requireNonNull(json), null, type);
	}

	/**
	 * A value kept as bytes.
	 * @param payload the bytes, not copied
	 * @param type the name of the type to read them back as
	 * @return the value
	 */
	public static StoredValue payload(byte[] payload, String type) {
		return new StoredValue(null, Objects.requireNonNull(payload), type);
	}

	static StoredValue read(byte @Nullable [] json, String type) {
		return (json == null) ? NULL : new StoredValue(null, json, type);
	}

	/**
	 * The same value of an entry that lives for another time.
	 * @param timeLeft how long yet
	 * @return a copy
	 */
	public StoredValue withTimeLeft(Duration timeLeft) {
		return new StoredValue(this.json, this.payload, this.type, timeLeft);
	}

	/**
	 * How long its entry lived yet when it was read.
	 * @return {@code null} if it was not read from the database, or from a cache of which
	 * no copies are kept
	 */
	public @Nullable Duration timeLeft() {
		return this.timeLeft;
	}

	/**
	 * About how much memory it takes.
	 * @return bytes
	 */
	public long bytes() {
		if (this.payload != null) {
			return this.payload.length;
		}
		return (this.json != null) ? this.json.length() : 0;
	}

	public boolean isNull() {
		return this.json == null && this.payload == null;
	}

	public @Nullable String json() {
		return this.json;
	}

	public byte @Nullable [] payload() {
		return this.payload;
	}

	public String type() {
		return this.type;
	}

}
