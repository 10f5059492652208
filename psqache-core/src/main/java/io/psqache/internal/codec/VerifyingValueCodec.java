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

package io.psqache.internal.codec;

import java.util.List;

import io.psqache.RoundTripException;
import io.psqache.StoreException;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads each value back before it is stored, and throws an exception if the restored
 * value differs. Tests detect such values this way.
 */
final class VerifyingValueCodec implements ValueCodec {

	private static final String REMEDY = " Return a record, configure Jackson with a PsqacheJsonMapperCustomizer bean, or "
			+ "define a CacheValueCodec bean. (psqache.verify-round-trip enables this check.)";

	private final String cacheName;

	private final ValueCodec codec;

	private final JsonMapper mapper;

	private final Proof proof;

	VerifyingValueCodec(String cacheName, ValueCodec codec, JsonMapper mapper, Proof proof) {
		this.cacheName = cacheName;
		this.codec = codec;
		this.mapper = mapper;
		this.proof = proof;
	}

	@Override
	public StoredValue encode(@Nullable Object value) {
		if (value == null) {
			return this.codec.encode(null);
		}
		StoredValue stored = stored(value);
		Object restored = restored(value, stored);
		Proof.Change change = change(value, restored);
		if (change != null) {
			throw new RoundTripException("A value of cache '%s' is not read back as it was put: %s. %s%s"
				.formatted(this.cacheName, change.inValue(), jsonDifferences(value, restored), REMEDY), null);
		}
		return stored;
	}

	/**
	 * Compare a value with its restored value. JSON is compared only if the codec stores
	 * JSON.
	 */
	private Proof.@Nullable Change change(Object value, @Nullable Object restored) {
		try {
			return this.proof.change(value, restored,
					(this.codec instanceof JsonValueCodec json) ? json.json(value) : null);
		}
		catch (RuntimeException | StackOverflowError | LinkageError ex) {
			// equals() or a getter threw it.
			throw new RoundTripException(
					"A value of cache '%s' cannot be compared with the value that is read back: %s.%s"
						.formatted(this.cacheName, ex.getClass().getName(), REMEDY),
					ex);
		}
	}

	private StoredValue stored(Object value) {
		try {
			return this.codec.encode(value);
		}
		catch (StoreException ex) {
			throw failure(String.valueOf(ex.getMessage()), ex);
		}
	}

	private @Nullable Object restored(Object value, StoredValue stored) {
		try {
			return this.codec.decode(stored);
		}
		catch (StoreException ex) {
			throw failure(
					ex.getMessage() + " " + UnstorableValueException.unreadable(value.getClass(), ex).getMessage(), ex);
		}
	}

	private RoundTripException failure(String reason, Throwable cause) {
		return new RoundTripException(
				"A value of cache '%s' cannot be stored and read back. %s%s".formatted(this.cacheName, reason, REMEDY),
				cause);
	}

	private String jsonDifferences(Object value, @Nullable Object restored) {
		JsonNode before = json(value);
		JsonNode after = (restored != null) ? json(restored) : this.mapper.nullNode();
		if (before == null || after == null) {
			return "The two values cannot be compared as JSON.";
		}
		List<String> differences = JsonDifferences.between(before, after);
		return differences.isEmpty()
				? "The JSON of both is the same, so look for a property that the JSON omits, or for a "
						+ "different class."
				: "Differences in JSON: " + String.join("; ", differences) + ".";
	}

	private @Nullable JsonNode json(Object value) {
		try {
			return this.mapper.valueToTree(value);
		}
		catch (JacksonException | StackOverflowError ex) {
			return null;
		}
	}

	@Override
	public @Nullable Object decode(StoredValue stored) {
		return this.codec.decode(stored);
	}

}
