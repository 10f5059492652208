package io.psqache;

import java.lang.reflect.Type;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * What a typed cache was opened for.
 *
 * @param keyType type of the keys, no primitive one
 * @param valueType type of the values, no primitive one
 */
record DeclaredTypes(Type keyType, Type valueType) {

	DeclaredTypes {
		keyType = checked(keyType);
		valueType = checked(valueType);
	}

	private static Type checked(Type type) {
		Class<?> known = ResolvableType.forType(type).resolve();
		if (known == null) {
			throw new IllegalArgumentException("A cache cannot be opened for " + type.getTypeName()
					+ ": which class that is cannot be told. Name the class.");
		}
		return (type instanceof Class<?>) ? ClassUtils.resolvePrimitiveIfNecessary(known) : type;
	}

	Class<?> valueClass() {
		return ResolvableType.forType(this.valueType).toClass();
	}

	@Override
	public String toString() {
		return "keys of %s and values of %s".formatted(this.keyType.getTypeName(), this.valueType.getTypeName());
	}

}
