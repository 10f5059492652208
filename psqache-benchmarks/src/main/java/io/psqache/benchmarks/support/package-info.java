/**
 * The servers, the instances of psqache, and the text forms that all benchmarks share.
 */
@NullMarked
package io.psqache.benchmarks.support;

import org.jspecify.annotations.NullMarked;
