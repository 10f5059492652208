/**
 * Keys and values to their stored form and back. Knows Jackson, but neither JDBC nor
 * Spring's caches.
 */
@NullMarked
package io.psqache.codec;

import org.jspecify.annotations.NullMarked;
