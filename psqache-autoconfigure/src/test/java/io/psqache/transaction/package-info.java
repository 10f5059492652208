@NullMarked
package io.psqache.transaction;

import org.jspecify.annotations.NullMarked;
