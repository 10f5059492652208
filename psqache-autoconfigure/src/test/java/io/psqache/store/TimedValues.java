package io.psqache.store;

import java.time.Duration;

/**
 * Stored values as they are read from the database where copies are kept.
 */
public final class TimedValues {

	private TimedValues() {
	}

	public static StoredValue text(String type) {
		return text(type, StoredValue.FOREVER);
	}

	/**
	 * A value of 98 bytes.
	 * @param type the type it is of
	 * @param timeLeft how long its entry lives yet
	 * @return the value
	 */
	public static StoredValue text(String type, Duration timeLeft) {
		return StoredValue.json("1".repeat(98), type).withTimeLeft(timeLeft);
	}

}
