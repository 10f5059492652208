package io.psqache.benchmarks.measure;

/**
 * What warm-up something got, so that nobody has to believe that it sufficed.
 *
 * @param seconds how long it took
 * @param compiling time that the JIT compiler spent per time that went by, in the last
 * seconds of it; may exceed one, since it has several threads
 */
public record WarmUp(double seconds, double compiling) {
}
