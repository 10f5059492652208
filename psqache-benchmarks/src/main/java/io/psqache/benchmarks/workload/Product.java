package io.psqache.benchmarks.workload;

import java.util.List;

/**
 * The value that is cached: a record such as an application would cache, of which every
 * contender can make JSON.
 *
 * @param id tells which keys it may be the value of, see {@link Dataset}
 * @param name its name
 * @param price in cents
 * @param rating zero to five
 * @param tags some words
 * @param text as many words as its size asks for
 */
public record Product(int id, String name, long price, double rating, List<String> tags, String text) {
}
