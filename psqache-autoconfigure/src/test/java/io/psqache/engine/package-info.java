@NullMarked
package io.psqache.engine;

import org.jspecify.annotations.NullMarked;
