package io.psqache.codec;

/**
 * Why a value is refused, thrown from within the writing of it. Holds the name of a
 * class, never a value.
 */
@SuppressWarnings("serial")
final class Unstorable extends RuntimeException {

	private final String why;

	Unstorable(Class<?> type, String why, String remedy) {
		this(type.getName() + " cannot be stored: " + why, remedy);
	}

	/**
	 * Refuse a part of a value.
	 * @param why what it is and why, without a full stop
	 */
	Unstorable(String why, String remedy) {
		super(why + ". " + remedy);
		this.why = why;
	}

	/**
	 * The message without the remedy.
	 */
	String why() {
		return this.why;
	}

	static Unstorable untrusted(Class<?> type) {
		Class<?> element = type;
		while (element.isArray()) {
			element = element.getComponentType();
		}
		return new Unstorable(element, "it is not trusted", TrustedTypes.mayBeTrusted(element.getPackageName())
				? "Add '" + element.getPackageName() + "' to psqache.trusted-packages." : ValueTypes.COPY);
	}

}
