@NullMarked
package io.psqache.near;

import org.jspecify.annotations.NullMarked;
