/**
 * What came out, for people and for programs.
 */
@NullMarked
package io.psqache.benchmarks.report;

import org.jspecify.annotations.NullMarked;
