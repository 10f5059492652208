package io.psqache.benchmarks.compare;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * Which keys are called.
 */
public enum KeyDistribution {

	/**
	 * Each with the same probability.
	 */
	UNIFORM {
		@Override
		public IntSupplier draw(int entries, Random random) {
			return () -> random.nextInt(entries);
		}
	},

	/**
	 * The n-th most popular key with a probability in proportion to 1 / n<sup>0.99</sup>,
	 * as in the Yahoo! Cloud Serving Benchmark. Popular keys are chosen at random, so
	 * that they are no neighbours in the table.
	 */
	ZIPF {
		@Override
		public IntSupplier draw(int entries, Random random) {
			int[] keys = new int[entries];
			double[] cumulated = new double[entries];
			double sum = 0;
			for (int rank = 0; rank < entries; rank++) {
				int place = random.nextInt(rank + 1);
				keys[rank] = keys[place];
				keys[place] = rank;
				sum += 1 / Math.pow(rank + 1, EXPONENT);
				cumulated[rank] = sum;
			}
			return () -> {
				int place = Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[entries - 1]);
				return keys[Math.min(entries - 1, (place < 0) ? -place - 1 : place)];
			};
		}
	};

	private static final double EXPONENT = 0.99;

	/**
	 * Create a source of keys.
	 * @param entries the number of keys
	 * @param random source of chance
	 * @return supplies numbers of keys
	 */
	public abstract IntSupplier draw(int entries, Random random);

	static KeyDistribution parse(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT));
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
