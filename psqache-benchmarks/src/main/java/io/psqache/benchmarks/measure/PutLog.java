package io.psqache.benchmarks.measure;

import java.util.Arrays;

import io.psqache.benchmarks.contender.Contender;
import io.psqache.benchmarks.workload.Dataset;
import io.psqache.benchmarks.workload.Steps;

/**
 * Remembers the last value that each key was given, so that puts which were lost or came
 * too late are found. To know which was the last, each caller has keys of its own.
 */
final class PutLog {

	/**
	 * Keys that are looked at in the end.
	 */
	private static final int SAMPLE = 2000;

	private static final int NEVER = -1;

	private final Contender contender;

	private final Dataset dataset;

	private final Steps steps;

	private final int callers;

	private final int[] lastVariant;

	PutLog(Contender contender, Dataset dataset, Steps steps, int callers) {
		this.contender = contender;
		this.dataset = dataset;
		this.steps = steps;
		this.callers = callers;
		this.lastVariant = new int[dataset.entries()];
		Arrays.fill(this.lastVariant, NEVER);
	}

	/**
	 * A put of a caller.
	 * @param caller number of the caller
	 */
	Task task(int caller) {
		return (place) -> {
			int key = own(this.steps.key(place), caller);
			int variant = place & 1;
			this.contender.put(this.dataset.key(key), this.dataset.value(key, variant));
			this.lastVariant[key] = variant;
			return true;
		};
	}

	/**
	 * The nearest key below that is the caller's.
	 */
	private int own(int key, int caller) {
		int own = key - key % this.callers + caller;
		return (own < this.lastVariant.length) ? own : caller % this.lastVariant.length;
	}

	/**
	 * Keys that do not hold what they were given last.
	 * @return how many there are among a sample
	 * @throws Exception if one cannot be read
	 */
	long lost() throws Exception {
		long lost = 0;
		int stride = Math.max(1, this.lastVariant.length / SAMPLE);
		for (int key = 0; key < this.lastVariant.length; key += stride) {
			if (this.lastVariant[key] != NEVER && !this.dataset.value(key, this.lastVariant[key])
				.equals(this.contender.stored(this.dataset.key(key)))) {
				lost++;
			}
		}
		return lost;
	}

}
