package io.psqache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How the values of one cache are loaded. Immutable; each {@code with} method answers
 * with a changed copy.
 *
 * @param singleFlight among whom there is one load of a key at a time
 * @param freshFor age of an entry after which its readers still get it, while one of them
 * has it loaded anew; {@code null} means never. It matters only if it is shorter than the
 * time-to-live
 * @param refreshAhead how much earlier than at the end of that time, or else of the
 * time-to-live, an entry may be loaded anew at random (the beta of XFetch): 0 not at all,
 * 1 as the paper proposes, and the more the earlier
 */
public record LoadSettings(SingleFlightScope singleFlight, @Nullable Duration freshFor, double refreshAhead) {

	/**
	 * The most that {@link #refreshAhead()} may be.
	 */
	public static final double MAX_REFRESH_AHEAD = 100;

	private static final LoadSettings DEFAULTS = new LoadSettings(SingleFlightScope.LOCAL, null, 0);

	public LoadSettings {
		requirePositive("freshFor", freshFor);
		if (!(refreshAhead >= 0 && refreshAhead <= MAX_REFRESH_AHEAD)) {
			throw new IllegalArgumentException(
					"refreshAhead " + refreshAhead + " must be between 0 and " + MAX_REFRESH_AHEAD);
		}
	}

	/**
	 * The settings of a cache for which nothing is set.
	 * @return one load of a key at a time in each instance, and no old values
	 */
	public static LoadSettings defaults() {
		return DEFAULTS;
	}

	public LoadSettings withSingleFlight(SingleFlightScope singleFlight) {
		return new LoadSettings(singleFlight, this.freshFor, this.refreshAhead);
	}

	public LoadSettings withFreshFor(@Nullable Duration freshFor) {
		return new LoadSettings(this.singleFlight, freshFor, this.refreshAhead);
	}

	public LoadSettings withRefreshAhead(double refreshAhead) {
		return new LoadSettings(this.singleFlight, this.freshFor, refreshAhead);
	}

	/**
	 * Whether it matters to readers how old an entry is.
	 */
	boolean refreshes() {
		return this.freshFor != null || this.refreshAhead > 0;
	}

	private static void requirePositive(String name, @Nullable Duration duration) {
		if (duration != null && (duration.isNegative() || duration.isZero())) {
			throw new IllegalArgumentException(name + " " + duration + " must be positive, or null for none");
		}
	}

}
