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
 * The values of one cache as JSON. Beside it stands the {@link StoredForm}: the declared
 * type if that is what brings the value back as it was, else its runtime class, with the
 * type arguments that the declared type gives it.
 */
final class JsonValueCodec implements ValueCodec {

	/**
	 * An application has few types of values: more come from rows that were tampered
	 * with.
	 */
	private static final int MOST_READINGS = 1_000;

	private final JsonMapper plain;

	private final JsonMapper tagging;

	private final Storage storage;

	private final ValueTypes types;

	private final @Nullable Proof proof;

	private final ConcurrentMap<Object, Writing> writings = new ConcurrentHashMap<>();

	private final ConcurrentMap<String, Reading> readings = new ConcurrentHashMap<>();

	/**
	 * Make one.
	 * @param plain reads entries without tags
	 * @param tagging writes, and reads entries with tags
	 * @param proof compares some values of each type with what they come back as,
	 * {@code null} if another does so with every value
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
			// of Jackson's, or of a getter
			throw refusal(type, WriteFailure.reason(ex), ex);
		}
	}

	private static StoreException refusal(Class<?> type, @Nullable String reason, Throwable cause) {
		return unreadable("A value of " + type.getName() + " is not cached: " + reason, cause);
	}

	/**
	 * The value without the proxy or collection class of Hibernate.
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
	 * Some values of each type are read back at once: a class that Jackson can write but
	 * not read, or not as it was, is found here, not at every read to come.
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
	 * What writes the JSON of a value, and of what it comes back as, in its stored form.
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
			// of Jackson's, or of a constructor
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
		if (this.readings.size() < MOST_READINGS) {
			this.readings.put(column, reading);
		}
		return reading;
	}

	/**
	 * Says which class is the matter.
	 */
	static StoreException unreadable(String message, @Nullable Throwable cause) {
		return new StoreException(FailureCause.UNREADABLE, message, cause);
	}

	/**
	 * How values of a type are written.
	 */
	private static final class Writing {

		final ObjectWriter writer;

		private final @Nullable JavaType typed;

		final String type;

		final String plain;

		final String tagged;

		final ProofSchedule schedule = new ProofSchedule();

		/**
		 * Make one.
		 * @param typed the type of the {@link TypedValue}s that the writer writes,
		 * {@code null} if it writes values alone
		 */
		Writing(ObjectWriter writer, @Nullable JavaType typed, String type) {
			this.writer = writer;
			this.typed = typed;
			this.type = type;
			this.plain = new StoredForm(false, false, type).toString();
			this.tagged = new StoredForm(true, false, type).toString();
		}

		/**
		 * What the writer writes for a value.
		 */
		Object root(Object value) {
			return (this.typed != null) ? new TypedValue(value, this.typed) : value;
		}

		String json(Object value) {
			return this.writer.writeValueAsString(root(value));
		}

		/**
		 * What was written cannot be read: the first values may have proven nothing.
		 * @param form the form of the entry
		 */
		void doubt(String form) {
			if (form.equals(this.plain) || form.equals(this.tagged)) {
				this.schedule.doubt();
			}
		}

	}

	/**
	 * How entries of a form are read.
	 *
	 * @param reader reads them
	 * @param remaker makes the value of what is read, {@code null} if it is the value
	 * @param ofText whether to read text rather than bytes
	 * @param isCertain whether what is read is what the cache declares
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
