package io.psqache.benchmarks.measure;

import java.time.Duration;

/**
 * How long things take.
 *
 * @param rounds number of rounds that count
 * @param round length of each
 * @param warmUp length of the round before them that does not count
 * @param sustainedPuts number of puts in a round that ends when they are applied
 */
public record Pace(int rounds, Duration round, Duration warmUp, int sustainedPuts) {
}
