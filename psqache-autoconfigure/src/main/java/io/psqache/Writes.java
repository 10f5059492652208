package io.psqache;

/**
 * When a put returns.
 */
public enum Writes {

	/**
	 * When the entry is in the database, or has failed to get there.
	 */
	ACKNOWLEDGED,

	/**
	 * When it is queued. This instance of the application reads it from there; others see
	 * it once it is stored, and it is lost if the application dies before.
	 */
	BEHIND

}
