package io.psqache.benchmarks.contender;

import java.util.List;

/**
 * The value that is cached: a record such as an application has.
 *
 * @param id tells which keys may have this value, see {@link Dataset}
 * @param name its name
 * @param price in cents
 * @param rating 0 to 5
 * @param tags some words
 * @param text as many words as the size of the value asks for
 */
public record Product(int id, String name, long price, double rating, List<String> tags, String text) {
}
