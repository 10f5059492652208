@NullMarked
package io.psqache;

import org.jspecify.annotations.NullMarked;
