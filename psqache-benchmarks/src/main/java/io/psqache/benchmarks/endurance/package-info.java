/**
 * Experiments with millions of entries and with near caches, at a fixed pace or until
 * something has happened.
 */
@NullMarked
package io.psqache.benchmarks.endurance;

import org.jspecify.annotations.NullMarked;
