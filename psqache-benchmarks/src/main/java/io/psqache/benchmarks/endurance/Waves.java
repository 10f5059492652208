package io.psqache.benchmarks.endurance;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides which entries expire together: a twentieth of all in each of four waves. Three
 * waves are blocks that lie together in the table, the fourth is scattered over the rest.
 *
 * @param entries the number of all entries
 * @param apart time between two waves
 */
record Waves(int entries, Duration apart) {

	static final int COUNT = 4;

	static final int NONE = -1;

	private static final int BLOCKS = 20;

	/**
	 * 16 blocks are left for the scattered wave, so it has one entry in 16 of them.
	 */
	private static final int SCATTERED_ONE_IN = 16;

	/**
	 * The number of entries of a wave. The first block is in no wave.
	 */
	int block() {
		return this.entries / BLOCKS;
	}

	/**
	 * The wave of an entry, or {@link #NONE}.
	 */
	int waveOf(int number) {
		return switch (number / block()) {
			case 0 -> NONE;
			case 2 -> 0;
			case 8 -> 1;
			case 14 -> 2;
			default -> (number % SCATTERED_ONE_IN == 0) ? COUNT - 1 : NONE;
		};
	}

	Instant expiry(int wave, Instant first) {
		return first.plus(this.apart.multipliedBy(wave));
	}

}
