package io.psqache.codec;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.ClassUtils;

/**
 * Makes the codecs of caches, and holds what they share. The mappers are psqache's own:
 * what is stored must not change with a setting of the application's. Only objects of
 * {@linkplain TrustedTypes trusted} classes, and of declared ones, are ever made.
 * Thread-safe.
 */
public final class ValueCodecs {

	private final TrustedTypes trustedTypes;

	private final JsonMapper plain;

	private final JsonMapper tagging;

	/**
	 * Make what makes codecs.
	 * @param trustedTypes the classes that may be stored
	 * @param classLoader where to find them; {@code null} for the default one
	 */
	public ValueCodecs(TrustedTypes trustedTypes, @Nullable ClassLoader classLoader) {
		ClassLoader loader = (classLoader != null) ? classLoader : ClassUtils.getDefaultClassLoader();
		this.trustedTypes = trustedTypes;
		this.plain = Mappers.plain(trustedTypes, loader).build();
		this.tagging = Mappers.tagging(trustedTypes, loader).build();
	}

	/**
	 * The codec of a cache.
	 * @param cacheName the name of the cache
	 * @param storage how to keep its values
	 * @param declaredType the type of its values; {@code null} if that is not known
	 * @return the codec
	 */
	public ValueCodec codec(String cacheName, Storage storage, @Nullable Type declaredType) {
		JavaType declared = (declaredType != null) ? this.tagging.constructType(boxed(declaredType)) : null;
		return new JsonValueCodec(this.plain, this.tagging, storage,
				new ValueTypes(this.trustedTypes, this.tagging.getTypeFactory(), declared));
	}

	private static Type boxed(Type type) {
		return (type instanceof Class<?> raw) ? ClassUtils.resolvePrimitiveIfNecessary(raw) : type;
	}

}
