package io.psqache.near;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Whether this instance hears of changes.
 *
 * @param status whether it does
 * @param reason why it does not, to complete a sentence; {@code null} if it does or need
 * not
 */
public record NearState(Status status, @Nullable String reason) {

	/**
	 * What may be.
	 */
	public enum Status {

		/**
		 * No cache keeps copies.
		 */
		OFF,

		/**
		 * It hears of changes, and copies are used.
		 */
		LISTENING,

		/**
		 * It does not, and reads go to PostgreSQL.
		 */
		BYPASSED;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
