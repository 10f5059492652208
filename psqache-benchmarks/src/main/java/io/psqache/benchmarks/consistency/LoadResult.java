package io.psqache.benchmarks.consistency;

import java.util.List;

/**
 * What was counted under one load.
 *
 * @param load the load
 * @param outcomes of each cache
 */
public record LoadResult(Load load, List<Outcome> outcomes) {
}
