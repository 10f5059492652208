package io.psqache.benchmarks.outage;

import java.time.Duration;

/**
 * How long the database is stopped, and how much is asked of the cache all the time.
 *
 * @param outage how long it is stopped
 * @param rate requests a second
 */
public record OutagePlan(Duration outage, int rate) {

}
