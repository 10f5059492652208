package io.psqache;

import java.lang.reflect.Type;

import io.psqache.codec.DeclaredType;

import org.springframework.core.ResolvableType;

/**
 * The types of keys and values that a typed cache was opened for.
 *
 * @param keyType type of the keys, no primitive one
 * @param valueType type of the values, no primitive one
 */
record EntryTypes(Type keyType, Type valueType) {

	EntryTypes {
		keyType = checked(keyType);
		valueType = checked(valueType);
	}

	/**
	 * A type in the one form that all of the same meaning have.
	 */
	static Type checked(Type type) {
		Type known = (type == Object.class) ? type : DeclaredType.of(ResolvableType.forType(type));
		if (known == null) {
			throw new IllegalArgumentException("A cache cannot be opened for " + type.getTypeName()
					+ ": which class that is cannot be told. Name the class.");
		}
		return known;
	}

	Class<?> valueClass() {
		return ResolvableType.forType(this.valueType).toClass();
	}

	@Override
	public String toString() {
		return "keys of %s and values of %s".formatted(this.keyType.getTypeName(), this.valueType.getTypeName());
	}

}
