@NullMarked
package io.psqache.benchmarks.server;

import org.jspecify.annotations.NullMarked;
