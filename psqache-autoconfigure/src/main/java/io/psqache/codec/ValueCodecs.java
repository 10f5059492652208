package io.psqache.codec;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.psqache.store.FailureCause;
import io.psqache.store.StoreException;
import io.psqache.store.StoredValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;

import org.springframework.util.ClassUtils;

/**
 * Makes the codecs of caches. Values go to JSON and back. The class of the value is
 * stored beside the JSON; inside it, classes are named only where the declared type is
 * {@code Object} (the elements of a bare list, say). Only objects of
 * {@linkplain TrustedTypes trusted} classes are ever made.
 * <p>
 * The mapper is psqache's own: what is stored must not change with a setting of the
 * application's. Thread-safe.
 */
public final class ValueCodecs {

	private final TrustedTypes trustedTypes;

	private final @Nullable ClassLoader classLoader;

	private final List<CacheValueCodec> customCodecs;

	private final boolean verifyRoundTrip;

	private final JsonMapper mapper;

	private final ConcurrentMap<String, ObjectReader> readers = new ConcurrentHashMap<>();

	private final ConcurrentMap<Class<?>, ObjectWriter> writers = new ConcurrentHashMap<>();

	/**
	 * Make what makes codecs.
	 * @param trustedTypes the classes that may be stored
	 * @param classLoader where to find them; {@code null} for the default one
	 */
	public ValueCodecs(TrustedTypes trustedTypes, @Nullable ClassLoader classLoader) {
		this(trustedTypes, classLoader, List.of(), List.of(), false);
	}

	/**
	 * Make what makes codecs, the application's own among them.
	 * @param trustedTypes the classes that may be stored
	 * @param classLoader where to find them; {@code null} for the default one
	 * @param customizers applied in this order to the mapper, before what keeps it safe
	 * @param customCodecs take the place of JSON for the caches that they support
	 * @param verifyRoundTrip whether each value is read back as it is stored, and
	 * compared
	 */
	public ValueCodecs(TrustedTypes trustedTypes, @Nullable ClassLoader classLoader,
			Collection<PsqacheJsonMapperCustomizer> customizers, Collection<CacheValueCodec> customCodecs,
			boolean verifyRoundTrip) {
		this.trustedTypes = trustedTypes;
		this.customCodecs = List.copyOf(customCodecs);
		this.verifyRoundTrip = verifyRoundTrip;
		this.classLoader = (classLoader != null) ? classLoader : ClassUtils.getDefaultClassLoader();
		JsonMapper.Builder builder = JsonMapper.builder();
		customizers.forEach((customizer) -> customizer.customize(builder));
		this.mapper = builder.typeFactory(TypeFactory.createDefaultInstance().withClassLoader(this.classLoader))
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
			.polymorphicTypeValidator(trustedTypes)
			.activateDefaultTypingAsProperty(trustedTypes, DefaultTyping.JAVA_LANG_OBJECT, "@class")
			.build();
	}

	/**
	 * The codec of a cache.
	 * @param cacheName the name of the cache
	 * @param storage how to keep its values
	 * @param declaredType the type of its values; {@code null} if that is not known
	 * @return the codec
	 * @throws IllegalStateException if two of the application's own codecs support the
	 * cache
	 */
	public ValueCodec codec(String cacheName, Storage storage, @Nullable Type declaredType) {
		ValueCodec custom = CustomValueCodec.of(cacheName, this.customCodecs);
		ValueCodec codec = (custom != null) ? custom : jsonCodec(storage);
		return this.verifyRoundTrip ? new VerifyingValueCodec(cacheName, codec, this.mapper) : codec;
	}

	private ValueCodec jsonCodec(Storage storage) {
		return new ValueCodec() {

			@Override
			public StoredValue encode(@Nullable Object value) {
				return ValueCodecs.this.encode(value, storage);
			}

			@Override
			public @Nullable Object decode(StoredValue stored) {
				return ValueCodecs.this.decode(stored);
			}

		};
	}

	private StoredValue encode(@Nullable Object value, Storage storage) {
		if (value == null) {
			return StoredValue.NULL;
		}
		Class<?> type = (value instanceof Enum<?> constant) ? constant.getDeclaringClass() : value.getClass();
		if (!this.trustedTypes.contains(type.getName())) {
			throw unreadable("A value of " + type.getName() + " is not cached: it is not trusted. " + remedy(type),
					null);
		}
		try {
			return encode(this.writers.computeIfAbsent(type, this::writerFor), value, type.getName(), storage);
		}
		catch (RuntimeException ex) { // also what getters throw
			throw unreadable(
					"A value of " + type.getName() + " is not cached: it has no JSON form that could be read back.",
					ex);
		}
	}

	private StoredValue encode(ObjectWriter writer, Object value, String type, Storage storage) {
		String json = writer.writeValueAsString(value);
		if (storage == Storage.JSONB && JsonText.fitsJsonb(json)) {
			return StoredValue.json(json, type);
		}
		byte[] payload = JsonText.isUnicode(json) ? json.getBytes(StandardCharsets.UTF_8)
				: writer.with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsBytes(value);
		return StoredValue.payload(payload, type);
	}

	private @Nullable Object decode(StoredValue stored) {
		if (stored.isNull()) {
			return null;
		}
		try {
			ObjectReader reader = this.readers.computeIfAbsent(stored.type(), this::readerFor);
			if (stored.payload() != null) {
				return reader.readValue(stored.payload());
			}
			return (stored.json() != null) ? reader.readValue(stored.json()) : null;
		}
		catch (StoreException ex) {
			throw ex;
		}
		catch (InvalidTypeIdException ex) {
			throw unreadable("An entry of type " + stored.type() + " is not read: it holds a " + ex.getTypeId()
					+ ", which is not trusted. If that is yours, add its package to " + "psqache.trusted-packages.",
					ex);
		}
		catch (RuntimeException | LinkageError ex) { // also what constructors throw
			throw unreadable("An entry of type " + stored.type() + " cannot be read.", ex);
		}
	}

	/**
	 * To trust a package of the JDK is never the remedy.
	 */
	private static String remedy(Class<?> type) {
		return (type.getClassLoader() == null)
				? "Return a copy of it as an ArrayList, a LinkedHashSet or a LinkedHashMap."
				: "Add '" + type.getPackageName() + "' to psqache.trusted-packages.";
	}

	private ObjectWriter writerFor(Class<?> type) {
		return this.mapper.writerFor(typeOf(type));
	}

	private ObjectReader readerFor(String typeName) {
		if (!this.trustedTypes.contains(typeName)) {
			throw unreadable("An entry of a type that is not trusted is not read. If " + typeName
					+ " is yours, add its package to psqache.trusted-packages.", null);
		}
		try {
			return this.mapper.readerFor(typeOf(ClassUtils.forName(typeName, this.classLoader)));
		}
		catch (ClassNotFoundException ex) {
			throw unreadable("There is no class " + typeName + " any more", ex);
		}
	}

	private JavaType typeOf(Class<?> type) {
		return this.mapper.constructType(type);
	}

	/**
	 * Says which class is the matter.
	 */
	private static StoreException unreadable(String message, @Nullable Throwable cause) {
		return new StoreException(FailureCause.UNREADABLE, message, cause);
	}

}
