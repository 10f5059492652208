@NullMarked
package io.psqache.sweep;

import org.jspecify.annotations.NullMarked;
