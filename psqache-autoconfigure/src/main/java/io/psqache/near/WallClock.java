package io.psqache.near;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time of day, which messages carry so that it can be shown how long they took. The
 * clocks of two machines differ: nothing is decided by it.
 */
final class WallClock {

	private WallClock() {
	}

	/**
	 * Now, in microseconds of 1970.
	 */
	static long micros() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
	}

	/**
	 * How long ago something was, by another's clock and this one.
	 * @return not negative
	 */
	static Duration since(long micros) {
		return Duration.of(Math.max(0, micros() - micros), ChronoUnit.MICROS);
	}

}
