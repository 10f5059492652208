package io.psqache.store;

/**
 * How an operation gets to its lane. {@link Lanes} are the plain way; what is answered
 * already takes none.
 */
interface Way {

	/**
	 * The way of what is answered already.
	 */
	Way NONE = new Way() {

		@Override
		public void runOrSend(Operation<?> operation) {
		}

		@Override
		public void send(Operation<?> operation) {
		}

		@Override
		public void hurry() {
		}

	};

	/**
	 * Do it on this thread if no lane is at work, else queue it, to go with others in one
	 * statement. Who sends by this must {@linkplain #hurry() hurry} when it takes long.
	 */
	void runOrSend(Operation<?> operation);

	/**
	 * Queue it for the first free lane.
	 */
	void send(Operation<?> operation);

	/**
	 * Wait no longer for others to go with: what is queued takes the next free lane.
	 */
	void hurry();

}
