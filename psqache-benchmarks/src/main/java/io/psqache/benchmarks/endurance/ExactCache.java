package io.psqache.benchmarks.endurance;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bounded cache that evicts exactly by its rule, one entry as soon as there is one too
 * many, to compare with. It holds keys only. Not thread-safe.
 */
final class ExactCache {

	private final Map<Integer, Boolean> entries;

	private ExactCache(int bound, boolean readsCount) {
		this.entries = new LinkedHashMap<>(2 * bound, 0.75f, readsCount) {
			@Override
			protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
				return size() > bound;
			}
		};
	}

	/**
	 * Evicts what was used longest ago.
	 */
	static ExactCache leastRecentlyUsed(int bound) {
		return new ExactCache(bound, true);
	}

	/**
	 * Evicts what was put first.
	 */
	static ExactCache firstInFirstOut(int bound) {
		return new ExactCache(bound, false);
	}

	/**
	 * Ask for a key, and put it if it is not there.
	 * @return whether it was there
	 */
	boolean ask(int key) {
		if (this.entries.get(key) != null) {
			return true;
		}
		this.entries.put(key, true);
		return false;
	}

	/**
	 * Share of the asked keys that were there.
	 * @param trace the keys in their order
	 * @param from place of the first that counts; those before it fill the cache
	 */
	double hitRatio(int[] trace, int from) {
		int hits = 0;
		for (int place = 0; place < trace.length; place++) {
			hits += (ask(trace[place]) && place >= from) ? 1 : 0;
		}
		return (double) hits / (trace.length - from);
	}

}
