package io.psqache.benchmarks.consistency;

import java.nio.file.Path;
import java.util.List;

/**
 * What is asked for.
 *
 * @param command the options as they were given, but for where the results go
 * @param loads the loads
 * @param setups the caches; empty for the usual ones
 * @param operations how many each cache gets of each load, a multiple of
 * {@value Trial#SHARES}
 * @param seed what the operations follow from
 * @param output where the results go
 */
public record ConsistencyPlan(String command, List<Load> loads, List<CacheSetup> setups, int operations, long seed,
		Path output) {

	public ConsistencyPlan {
		if (operations <= 0 || operations % Trial.SHARES != 0) {
			throw new IllegalArgumentException("%d operations cannot be shared out; ask for a multiple of %d."
				.formatted(operations, Trial.SHARES));
		}
	}

	List<CacheSetup> setups(Load load) {
		return this.setups.isEmpty() ? load.usual().toList() : this.setups;
	}

}
