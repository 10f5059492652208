@NullMarked
package io.psqache.benchmarks.consistency;

import org.jspecify.annotations.NullMarked;
