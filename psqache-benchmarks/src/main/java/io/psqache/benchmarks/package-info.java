/**
 * psqache against its floor and its peers: the command line.
 */
@NullMarked
package io.psqache.benchmarks;

import org.jspecify.annotations.NullMarked;
