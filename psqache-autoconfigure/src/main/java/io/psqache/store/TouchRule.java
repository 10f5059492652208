package io.psqache.store;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * When a read is worth a write, so that the entry is kept: when less than half of the
 * time is left after which it would be gone.
 *
 * @param timeToIdle the age limit from the last read; {@code null} for none
 * @param unused in a cache that is nearly full, half of the age at which entries are
 * evicted; {@code null} in others
 */
record TouchRule(@Nullable Duration timeToIdle, @Nullable Duration unused) {

	/**
	 * The rule for a cache as it is now.
	 * @param timeToIdle the age limit from the last read, if any
	 * @param evictionAge the age at which entries are evicted, if they are
	 * @return {@code null} if no read is worth a write
	 */
	static @Nullable TouchRule of(@Nullable Duration timeToIdle, @Nullable Duration evictionAge) {
		if (evictionAge != null) {
			return new TouchRule(timeToIdle, evictionAge.dividedBy(2));
		}
		return (timeToIdle != null) ? new TouchRule(timeToIdle, null) : null;
	}

}
