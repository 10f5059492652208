/**
 * What an application notices when its database is stopped for a while.
 */
@NullMarked
package io.psqache.benchmarks.outage;

import org.jspecify.annotations.NullMarked;
