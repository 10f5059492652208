/**
 * What users of psqache hold: the cache manager, its caches and their settings.
 */
@NullMarked
package io.psqache;

import org.jspecify.annotations.NullMarked;
