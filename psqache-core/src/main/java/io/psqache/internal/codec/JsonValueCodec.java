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

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.psqache.FailureCause;
import io.psqache.Storage;
import io.psqache.StoreException;
import io.psqache.internal.store.StoredValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts the values of one cache to JSON. The {@link StoredForm} is stored beside the
 * JSON: the declared type if it restores the value, otherwise the runtime class with the
 * type arguments of the declared type.
 */
final class JsonValueCodec implements ValueCodec {

	/**
	 * The maximum number of cached readers. An application has few types of values; a
	 * larger number indicates modified rows.
	 */
	private static final int MAX_READINGS = 1_000;

	private final JsonMapper plain;

	private final JsonMapper tagging;

	private final Storage storage;

	private final ValueTypes types;

	private final @Nullable Proof proof;

	private final ConcurrentMap<Object, Writing> writings = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, Reading> readings = new ConcurrentHashMap<>();

	/**
	 * Create a new instance.
	 * @param plain reads entries without tags
	 * @param tagging writes all entries, and reads entries with tags
	 * @param proof compares some values of each type with their restored values;
	 * {@code null} if another codec compares every value
	 */
	JsonValueCodec(JsonMapper plain, JsonMapper tagging, Storage storage, ValueTypes types, @Nullable Proof proof) {
		this.plain = plain;
		this.tagging = tagging;
		this.storage = storage;
		this.types = types;
		this.proof = proof;
	}

	@Override
	public StoredValue encode(@Nullable Object given) {
		if (given == null) {
			return StoredValue.NULL;
		}
		Class<?> type = LazyState.INSTANCE.typeOf(given);
		try {
			Object value = loaded(given);
			Writing writing = writing(value);
			StoredValue stored = encode(value, writing);
			if (this.proof != null && writing.schedule.isDue(value)) {
				prove(this.proof, value, stored, writing);
			}
			return stored;
		}
		catch (UnstorableValueException ex) {
			throw refusal(type, ex.getMessage(), ex);
		}
		catch (RuntimeException | StackOverflowError | LinkageError ex) {
			// Jackson or a getter threw it.
			throw refusal(type, WriteFailure.reason(ex), ex);
		}
	}

	private static StoreException refusal(Class<?> type, @Nullable String reason, Throwable cause) {
		return unreadable("A value of " + type.getName() + " is not cached: " + reason, cause);
	}

	/**
	 * Return the value without its Hibernate proxy or collection class.
	 */
	private static Object loaded(Object value) {
		if (!LazyState.INSTANCE.isLoaded(value)) {
			throw NotLoaded.alone(value, JsonPlace.ROOT);
		}
		return LazyState.INSTANCE.plain(value);
	}

	private StoredValue encode(Object value, Writing writing) {
		TagSerializer.Written written = new TagSerializer.Written();
		ObjectWriter writer = writing.writer.withAttribute(TagSerializer.Written.class, written);
		Object root = writing.root(value);
		String json = writer.writeValueAsString(root);
		String form = written.any ? writing.tagged : writing.plain;
		String jsonb = (this.storage == Storage.JSONB) ? JsonText.forJsonb(json) : null;
		if (jsonb != null) {
			return StoredValue.json(jsonb, form);
		}
		if (JsonText.isUnicode(json)) {
			return StoredValue.payload(json.getBytes(StandardCharsets.UTF_8), form);
		}
		return StoredValue.payload(writer.with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsBytes(root),
				new StoredForm(written.any, true, writing.type).toString());
	}

	/**
	 * Read back some values of each type immediately. This detects at the first write a
	 * class that Jackson cannot read, or restores differently.
	 */
	private void prove(Proof proof, Object value, StoredValue stored, Writing writing) {
		try {
			Proof.Change change = proof.change(value, readBack(value, stored), writing::json);
			if (change != null) {
				throw change.refusal(value.getClass());
			}
		}
		catch (RuntimeException | StackOverflowError | LinkageError ex) {
			writing.schedule.failed(value);
			throw ex;
		}
	}

	/**
	 * Return a function that writes the JSON of a value, and of its restored value, in
	 * the stored form.
	 */
	Function<Object, String> json(Object value) {
		Writing writing = writing(loaded(value));
		return (either) -> writing.json(loaded(either));
	}

	private Object readBack(Object value, StoredValue stored) {
		try {
			return Objects.requireNonNull(decode(stored));
		}
		catch (StoreException ex) {
			throw UnstorableValueException.unreadable(value.getClass(), ex);
		}
	}

	private Writing writing(Object value) {
		Object id = this.types.id(value);
		Writing writing = this.writings.get(id);
		return (writing != null) ? writing : this.writings.computeIfAbsent(id, (key) -> newWriting(value));
	}

	private Writing newWriting(Object value) {
		JavaType type = this.types.of(value);
		JavaType written = this.types.written(type, value);
		boolean isTyped = TypedValue.isNeeded(written);
		ObjectWriter writer = isTyped ? this.tagging.writerFor(TypedValue.class) : this.tagging.writerFor(written);
		return new Writing(writer, isTyped ? written : null, this.types.name(type));
	}

	@Override
	public @Nullable Object decode(StoredValue stored) {
		if (stored.isNull()) {
			return null;
		}
		try {
			Reading known = this.readings.get(stored.type());
			Reading reading = (known != null) ? known : newReading(stored.type());
			Object value = reading.read(stored);
			if (value == null) {
				throw unreadable("psqache ignores an entry of type " + stored.type() + ", because its value is empty.",
						null);
			}
			if (!reading.isCertain() && !this.types.isDeclared(value)) {
				throw unreadable(
						"psqache ignores an entry of type " + stored.type()
								+ ", because its content does not match the declared type of the cache's values.",
						null);
			}
			return value;
		}
		catch (StoreException ex) {
			throw ex;
		}
		catch (InvalidTypeIdException ex) {
			throw unreadable("psqache ignores an entry of type " + stored.type() + ", because it contains a "
					+ TrustedTypes.printable(ex.getTypeId())
					+ ", which is not trusted. If the class is your own, add its package to "
					+ "psqache.trusted-packages.", ex);
		}
		catch (RuntimeException | StackOverflowError | LinkageError ex) {
			// Jackson or a constructor threw it.
			this.writings.values().forEach((writing) -> writing.doubt(stored.type()));
			throw unreadable("psqache ignores an entry of type " + stored.type() + ", because it cannot be converted.",
					ex);
		}
	}

	private Reading newReading(String column) {
		StoredForm form = StoredForm.parse(column);
		if (form == null) {
			throw unreadable("psqache ignores an entry, because this version does not support its storage format.",
					null);
		}
		JavaType type = this.types.named(form.type());
		UnaryOperator<Object> remaker = RemadeContainers.remaker(type.getRawClass());
		JavaType source = (remaker != null) ? RemadeContainers.source(this.tagging.getTypeFactory(), type) : type;
		Reading reading = new Reading((form.tagged() ? this.tagging : this.plain).readerFor(source), remaker,
				form.escaped(), this.types.isCertain(type));
		if (this.readings.size() < MAX_READINGS) {
			this.readings.put(column, reading);
		}
		return reading;
	}

	/**
	 * Create an exception for a value or an entry that cannot be converted.
	 * @param message the message, with the class of the value
	 */
	static StoreException unreadable(String message, @Nullable Throwable cause) {
		return new StoreException(FailureCause.UNREADABLE, message, cause);
	}

	/**
	 * The writer of the values of one type.
	 */
	private static final class Writing {

		final ObjectWriter writer;

		private final @Nullable JavaType typed;

		final String type;

		final String plain;

		final String tagged;

		final ProofSchedule schedule = new ProofSchedule();

		/**
		 * Create a new instance.
		 * @param typed the type of the {@link TypedValue}s to write, or {@code null} if
		 * the writer writes the values themselves
		 */
		Writing(ObjectWriter writer, @Nullable JavaType typed, String type) {
			this.writer = writer;
			this.typed = typed;
			this.type = type;
			this.plain = new StoredForm(false, false, type).toString();
			this.tagged = new StoredForm(true, false, type).toString();
		}

		/**
		 * Return the object that the writer writes for a value.
		 */
		Object root(Object value) {
			return (this.typed != null) ? new TypedValue(value, this.typed) : value;
		}

		String json(Object value) {
			return this.writer.writeValueAsString(root(value));
		}

		/**
		 * Verify more values, because an entry could not be read although the first
		 * values passed.
		 * @param form the form of the entry
		 */
		void doubt(String form) {
			if (form.equals(this.plain) || form.equals(this.tagged)) {
				this.schedule.doubt();
			}
		}

	}

	/**
	 * The reader of the entries of one form.
	 *
	 * @param reader reads the JSON
	 * @param remaker creates the value from the read object; {@code null} if that object
	 * is the value
	 * @param ofText whether the reader must read text instead of bytes
	 * @param isCertain whether the read object is certain to be of the declared type
	 */
	private record Reading(ObjectReader reader, @Nullable UnaryOperator<Object> remaker, boolean ofText,
			boolean isCertain) {

		@Nullable Object read(StoredValue stored) {
			byte[] payload = stored.payload();
			Object value;
			if (payload == null) {
				value = this.reader.readValue(stored.json());
			}
			else {
				value = this.ofText ? this.reader.readValue(new String(payload, StandardCharsets.UTF_8))
						: this.reader.readValue(payload);
			}
			return (this.remaker != null && value != null) ? this.remaker.apply(value) : value;
		}

	}

}
