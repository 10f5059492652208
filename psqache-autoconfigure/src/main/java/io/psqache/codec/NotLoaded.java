package io.psqache.codec;

/**
 * The refusal of values that Hibernate has not loaded in full.
 */
final class NotLoaded {

	static final String REMEDY = "psqache does not load it: inside a transaction that would run further queries,"
			+ " outside of one it would fail. Load it with the value (a join fetch, an @EntityGraph), or return a record"
			+ " or DTO of what is needed.";

	private NotLoaded() {
	}

	/**
	 * Refuse what is not loaded.
	 * @param owner the object that has it
	 * @param place where it is
	 */
	static Unstorable at(Object owner, String place) {
		String name = LazyState.INSTANCE.typeOf(owner).getSimpleName() + place.substring(place.lastIndexOf('.'));
		return new Unstorable(name + " is not loaded (at " + place + ")", REMEDY);
	}

	/**
	 * Refuse a proxy or collection that is not loaded and is part of no object.
	 */
	static Unstorable alone(Object value, String place) {
		String name = LazyState.INSTANCE.typeOf(value).getName();
		return new Unstorable(name + " is not loaded (at " + place + ")", REMEDY);
	}

}
