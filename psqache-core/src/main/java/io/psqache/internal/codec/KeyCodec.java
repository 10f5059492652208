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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import io.psqache.CacheKeyConverter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.cache.interceptor.SimpleKey;

/**
 * Encodes keys as canonical JSON, which psql can read. {@code 42} and {@code "42"} are
 * different keys, and a {@link SimpleKey} of two arguments is {@code [1,"a"]}. Keys with
 * equal JSON are equal. The text depends only on the key: not on the Java version, the
 * locale, the time zone or the iteration order of a set or map. Thread-safe.
 */
public final class KeyCodec {

	/**
	 * The limit in bytes. A btree accepts keys of up to 2,704 bytes, but long keys add
	 * levels to the index.
	 */
	private static final int MAX_BYTES = 1_000;

	private final List<CacheKeyConverter> converters;

	/**
	 * Escapes strings as {@code to_jsonb(..)::text} does. NaN and infinite numbers must
	 * not become strings, so that {@link CanonicalJson} finds them.
	 */
	private final ObjectWriter writer = JsonMapper
		.builder(JsonFactory.builder()
			.disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS, JsonWriteFeature.ESCAPE_FORWARD_SLASHES,
					JsonWriteFeature.WRITE_HEX_UPPER_CASE)
			// Double.toString changed in Java 19.
			.enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
			.build())
		.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
		.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
		.disable(DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
		.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
		.defaultLocale(Locale.ROOT)
		.addModule(KeySerializers.module())
		.addModule(EntityModule.ofKeys())
		.build()
		.writer();

	private final ObjectWriter escapingWriter = this.writer.with(JsonWriteFeature.ESCAPE_NON_ASCII);

	/**
	 * Create a new codec.
	 * @param converters convert keys to other objects; the first result that is not
	 * {@code null} is used; may be empty
	 */
	public KeyCodec(Collection<? extends CacheKeyConverter> converters) {
		this.converters = List.copyOf(converters);
	}

	/**
	 * Return the stored form of a key.
	 * @param key the key
	 * @return JSON text; if it is longer than 1,000 bytes, {@code sha256:} and its
	 * SHA-256 in hexadecimal
	 * @throws IllegalArgumentException if the key has no stable JSON form
	 */
	public String encode(Object key) {
		String text = text(key);
		byte[] bytes = (text.length() > MAX_BYTES / 3) ? text.getBytes(StandardCharsets.UTF_8) : null;
		return (bytes != null && bytes.length > MAX_BYTES) ? digest(bytes) : text;
	}

	private String text(Object key) {
		Object converted = this.converters.isEmpty() ? key : convert(key);
		if (converted instanceof Integer || converted instanceof Long) {
			return converted.toString();
		}
		if (converted instanceof String string && JsonText.isPlain(string)) {
			return '"' + string + '"';
		}
		try {
			return write(converted);
		}
		catch (RuntimeException | StackOverflowError ex) { // Getters may throw.
			throw new IllegalArgumentException("A cache key of type " + key.getClass().getName()
					+ (key.getClass().isInstance(converted) || converted instanceof Object[] ? ""
							: ", converted to a " + converted.getClass().getName() + " by a CacheKeyConverter,")
					+ " cannot be stored: " + reason(ex)
					+ ". Use a record, a string, a number or a list of these as the key, set the 'key' "
					+ "expression of @Cacheable, or define a CacheKeyConverter bean.", ex);
		}
	}

	private String write(Object key) {
		String text = CanonicalJson.of(this.writer.writeValueAsString(key));
		return JsonText.isUnicode(text) ? text : CanonicalJson.of(this.escapingWriter.writeValueAsString(key));
	}

	private Object convert(Object key) {
		for (CacheKeyConverter converter : this.converters) {
			Object converted = converter.convert(key);
			if (converted != null) {
				return converted;
			}
		}
		return (key instanceof SimpleKey simpleKey) ? convertElements(SimpleKeys.elements(simpleKey)) : key;
	}

	private @Nullable Object[] convertElements(@Nullable Object[] elements) {
		@Nullable Object[] converted = new @Nullable Object[elements.length];
		for (int i = 0; i < elements.length; i++) {
			Object element = elements[i];
			converted[i] = (element != null) ? convert(element) : null;
		}
		return converted;
	}

	private static String reason(Throwable failure) {
		Throwable root = failure;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnstableKeyException) {
				return String.valueOf(cause.getMessage());
			}
			if (cause instanceof UnstorableValueException unstorable) {
				return unstorable.reason();
			}
			root = cause;
		}
		if (failure instanceof StackOverflowError) {
			return "it contains itself";
		}
		return (root instanceof JacksonException) ? "it has no JSON form"
				: "one of its getters throws a " + root.getClass().getName();
	}

	private static String digest(byte[] bytes) {
		try {
			return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
