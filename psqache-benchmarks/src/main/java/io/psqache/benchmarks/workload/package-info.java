/**
 * What is asked of every contender: values, keys, and what is done with them.
 */
@NullMarked
package io.psqache.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
