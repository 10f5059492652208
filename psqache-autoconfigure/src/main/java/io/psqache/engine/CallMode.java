package io.psqache.engine;

/**
 * How the answer of an operation reaches its caller.
 */
public enum CallMode {

	/**
	 * The calling thread waits. The future that it gets is complete, so that whatever
	 * depends on it runs on this thread.
	 */
	BLOCKING,

	/**
	 * The calling thread does not wait. Whatever depends on the future runs on a thread
	 * that exists for this, never on a worker's.
	 */
	ASYNC

}
