@NullMarked
package io.psqache.store;

import org.jspecify.annotations.NullMarked;
