package io.psqache.store;

/**
 * Makes the schema again when it is found to be missing while the application runs.
 */
@FunctionalInterface
public interface SchemaRepair {

	/**
	 * Repairs nothing.
	 */
	SchemaRepair NONE = () -> {
	};

	/**
	 * Whether the schema was neither made nor checked at the start, since the database
	 * could not be reached.
	 * @return whether {@link #run()} has to do that before the schema is used
	 */
	default boolean isDue() {
		return false;
	}

	/**
	 * Make what is missing of the schema. Called on a thread of the store's own, one call
	 * at a time; may take as long as it takes.
	 * @throws RuntimeException if that failed; it is logged, and tried again later
	 */
	void run();

}
