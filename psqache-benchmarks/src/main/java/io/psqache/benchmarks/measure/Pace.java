package io.psqache.benchmarks.measure;

import java.time.Duration;

/**
 * How long things take.
 *
 * @param rounds number of rounds that count
 * @param round length of each
 * @param firstWarmUp of a contender, once for its reads and once for its writes
 * @param warmUp of a contender in each scenario
 * @param sustainedPuts number of puts in a round that ends when they are applied
 */
public record Pace(int rounds, Duration round, WarmUpLimit firstWarmUp, WarmUpLimit warmUp, int sustainedPuts) {
}
