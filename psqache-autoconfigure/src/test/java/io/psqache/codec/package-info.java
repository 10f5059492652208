@NullMarked
package io.psqache.codec;

import org.jspecify.annotations.NullMarked;
