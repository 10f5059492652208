@NullMarked
package io.psqache.hostile;

import org.jspecify.annotations.NullMarked;
