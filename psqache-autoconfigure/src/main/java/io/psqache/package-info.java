/**
 * What users of psqache hold: the cache manager, its caches, their settings and
 * exceptions; and how a cache is put together of the packages below.
 */
@NullMarked
package io.psqache;

import org.jspecify.annotations.NullMarked;
