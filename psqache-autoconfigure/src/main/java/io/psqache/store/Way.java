package io.psqache.store;

/**
 * How an operation gets to its lane. {@link Lanes} are the plain way; where puts are
 * {@linkplain PendingPuts pending}, there is something to do before.
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

	};

	/**
	 * Do it on this thread if a lane is free, else queue it.
	 */
	void runOrSend(Operation<?> operation);

	/**
	 * Queue it.
	 */
	void send(Operation<?> operation);

}
