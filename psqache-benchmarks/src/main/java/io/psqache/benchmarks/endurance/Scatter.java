package io.psqache.benchmarks.endurance;

/**
 * Draws by hashing the number of a call, so that callers share no generator and the same
 * seed makes the same run.
 */
final class Scatter {

	private Scatter() {
	}

	/**
	 * Draw.
	 * @param number number of the draw
	 * @param bound how many outcomes there are
	 * @return one of them, from zero
	 */
	static int draw(long number, int bound) {
		long mixed = (number + 1) * 0x9E3779B97F4A7C15L; // SplittableRandom's, by Steele,
															// Lea and Flood
		mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
		return (int) Math.floorMod(mixed ^ (mixed >>> 31), (long) bound);
	}

}
