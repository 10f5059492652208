/**
 * What caches change within a transaction of the application takes effect with its
 * commit.
 */
@NullMarked
package io.psqache.transaction;

import org.jspecify.annotations.NullMarked;
