@NullMarked
package io.psqache.benchmarks.endurance;

import org.jspecify.annotations.NullMarked;
