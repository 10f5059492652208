package io.psqache.codec;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * Keys to the text they are stored as: JSON with sorted properties, so that {@code 42}
 * and {@code "42"} are different keys, a {@link SimpleKey} of two arguments is
 * {@code [1,"a"]}, and anyone with psql can read them. Thread-safe.
 */
public final class KeyCodec {

	/**
	 * A btree takes keys of up to 2,704 bytes; a long key costs every level of the index.
	 */
	private static final int LONGEST = 1_000;

	private static final Field SIMPLE_KEY_ELEMENTS = simpleKeyElements();

	private final ObjectWriter writer = JsonMapper.builder()
		.enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
		.disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
		.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
		.build()
		.writer();

	private final ObjectWriter escapingWriter = this.writer.with(JsonWriteFeature.ESCAPE_NON_ASCII);

	/**
	 * The stored form of a key.
	 * @param key the key
	 * @return JSON text, or past 1,000 bytes of it {@code sha256:} and its SHA-256 in
	 * hexadecimal
	 * @throws IllegalArgumentException if the key has no JSON form
	 */
	public String encode(Object key) {
		String text = write(elementsOf(key));
		byte[] bytes = (text.length() > LONGEST / 3) ? text.getBytes(StandardCharsets.UTF_8) : null;
		return (bytes != null && bytes.length > LONGEST) ? digest(bytes) : text;
	}

	private String write(Object key) {
		try {
			String text = this.writer.writeValueAsString(key);
			return JsonText.isUnicode(text) ? text : this.escapingWriter.writeValueAsString(key);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("A cache key of type " + key.getClass().getName()
					+ " cannot be stored: it has no JSON form. Use a record, a string, a number or a list of such as key,"
					+ " or give @Cacheable a 'key' expression that makes one.", ex);
		}
	}

	/**
	 * What {@code SimpleKey} was made of. Its {@code toString()} has changed between
	 * versions of Spring, and it has no getter.
	 */
	private static Object elementsOf(Object key) {
		if (key instanceof SimpleKey) {
			Object elements = ReflectionUtils.getField(SIMPLE_KEY_ELEMENTS, key);
			if (elements != null) {
				return elements;
			}
		}
		return key;
	}

	private static Field simpleKeyElements() {
		Field field = ReflectionUtils.findField(SimpleKey.class, "params");
		if (field == null) {
			throw new IllegalStateException("This version of Spring Framework keeps the elements of a SimpleKey"
					+ " in a place that psqache does not know");
		}
		ReflectionUtils.makeAccessible(field);
		return field;
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
