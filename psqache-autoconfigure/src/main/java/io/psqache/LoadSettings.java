package io.psqache;

/**
 * How the values of one cache are loaded. Immutable; each {@code with} method answers
 * with a changed copy.
 *
 * @param singleFlight among whom there is one load of a key at a time
 */
public record LoadSettings(SingleFlightScope singleFlight) {

	private static final LoadSettings DEFAULTS = new LoadSettings(SingleFlightScope.LOCAL);

	/**
	 * The settings of a cache for which nothing is set.
	 * @return one load of a key at a time in each instance
	 */
	public static LoadSettings defaults() {
		return DEFAULTS;
	}

	public LoadSettings withSingleFlight(SingleFlightScope singleFlight) {
		return new LoadSettings(singleFlight);
	}

}
