@NullMarked
package io.psqache.watch;

import org.jspecify.annotations.NullMarked;
