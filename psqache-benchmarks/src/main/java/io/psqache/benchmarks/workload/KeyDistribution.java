package io.psqache.benchmarks.workload;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * Which keys are asked for.
 */
public enum KeyDistribution {

	/**
	 * All alike.
	 */
	UNIFORM {
		@Override
		public IntSupplier draw(int entries, Random random) {
			return () -> random.nextInt(entries);
		}
	},

	/**
	 * A few often and most seldom: the n-th most popular key with a probability in
	 * proportion to 1 / n<sup>0.99</sup>, as in the Yahoo! Cloud Serving Benchmark. Which
	 * keys are popular is left to chance, so that they are no neighbours in the table.
	 */
	ZIPF {
		@Override
		public IntSupplier draw(int entries, Random random) {
			int[] keysByRank = shuffled(entries, random);
			double[] upTo = cumulated(entries);
			return () -> {
				int place = Arrays.binarySearch(upTo, random.nextDouble() * upTo[entries - 1]);
				return keysByRank[Math.min(entries - 1, (place < 0) ? -place - 1 : place)];
			};
		}
	};

	private static final double EXPONENT = 0.99;

	/**
	 * Draw keys.
	 * @param entries number of keys
	 * @param random what the choice follows from
	 * @return answers with the number of a key, a new one each time
	 */
	public abstract IntSupplier draw(int entries, Random random);

	public static KeyDistribution parse(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT));
	}

	private static double[] cumulated(int entries) {
		double[] upTo = new double[entries];
		double sum = 0;
		for (int rank = 0; rank < entries; rank++) {
			sum += 1 / Math.pow(rank + 1, EXPONENT);
			upTo[rank] = sum;
		}
		return upTo;
	}

	private static int[] shuffled(int entries, Random random) {
		int[] keys = new int[entries];
		for (int key = 0; key < entries; key++) {
			int place = random.nextInt(key + 1);
			keys[key] = keys[place];
			keys[place] = key;
		}
		return keys;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
