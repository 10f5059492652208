package io.psqache.benchmarks.measure;

/**
 * The long warm-up of a contender, once for reads and once for writes.
 *
 * @param contender its name
 * @param operation what it did
 * @param warmUp what it got
 */
public record FirstWarmUp(String contender, String operation, WarmUp warmUp) {
}
