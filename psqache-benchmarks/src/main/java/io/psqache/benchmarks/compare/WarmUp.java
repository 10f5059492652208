package io.psqache.benchmarks.compare;

/**
 * The warm-up that a contender had.
 *
 * @param seconds its length
 * @param compiling compilation time by elapsed time in its last seconds; more than 1 with
 * several compiler threads
 */
record WarmUp(double seconds, double compiling) {

	/**
	 * The limits of a warm-up, in seconds.
	 *
	 * @param least its least length
	 * @param most its greatest length, even if the compiler is still busy
	 */
	record Limits(double least, double most) {

		Limits {
			if (least <= 0 || most < least) {
				throw new IllegalArgumentException(
						"A warm-up cannot take %s to %s seconds. Give it as 3..30 or 1.".formatted(least, most));
			}
		}

		/**
		 * Parse limits.
		 * @param text such as 3..30, or 1 for exactly one second
		 */
		static Limits parse(String text) {
			int dots = text.indexOf("..");
			return (dots < 0) ? new Limits(Double.parseDouble(text), Double.parseDouble(text)) : new Limits(
					Double.parseDouble(text.substring(0, dots)), Double.parseDouble(text.substring(dots + 2)));
		}

		@Override
		public String toString() {
			return this.least + ".." + this.most;
		}

	}

}
