package io.psqache.benchmarks.endurance;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bounded cache of keys that evicts exactly by its rule, to compare psqache's sweeper
 * with. Not thread-safe.
 */
final class ExactCache {

	private final Map<Integer, Boolean> entries;

	private ExactCache(int bound, boolean byUse) {
		this.entries = new LinkedHashMap<>(2 * bound, 0.75f, byUse) {
			@Override
			protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
				return size() > bound;
			}
		};
	}

	static ExactCache leastRecentlyUsed(int bound) {
		return new ExactCache(bound, true);
	}

	static ExactCache firstInFirstOut(int bound) {
		return new ExactCache(bound, false);
	}

	/**
	 * The hit ratio of a trace.
	 * @param trace the keys in their order
	 * @param from place of the first read that counts; those before it fill the cache
	 * @return 0 to 1
	 */
	double hitRatio(int[] trace, int from) {
		int hits = 0;
		for (int place = 0; place < trace.length; place++) {
			boolean hit = this.entries.get(trace[place]) != null;
			if (!hit) {
				this.entries.put(trace[place], true);
			}
			hits += (hit && place >= from) ? 1 : 0;
		}
		return (double) hits / (trace.length - from);
	}

}
