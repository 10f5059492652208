@NullMarked
package io.psqache.load;

import org.jspecify.annotations.NullMarked;
