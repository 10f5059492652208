package io.psqache.codec;

/**
 * Why a value is refused, thrown from within the writing of it. Holds the name of a
 * class, never a value.
 */
@SuppressWarnings("serial")
final class Unstorable extends RuntimeException {

	Unstorable(Class<?> type, String why, String remedy) {
		super(type.getName() + " cannot be stored: " + why + ". " + remedy);
	}

	static Unstorable untrusted(Class<?> type) {
		Class<?> element = type;
		while (element.isArray()) {
			element = element.getComponentType();
		}
		return TypeAdvice.refusal(element);
	}

}
