package io.psqache.engine;

/**
 * State of the circuit breaker before the database.
 */
public enum BreakerState {

	/**
	 * Requests are sent.
	 */
	CLOSED,

	/**
	 * Requests are refused at once: the database did not answer.
	 */
	OPEN,

	/**
	 * Requests are refused, and one is under way that tells whether the database answers
	 * again.
	 */
	HALF_OPEN

}
