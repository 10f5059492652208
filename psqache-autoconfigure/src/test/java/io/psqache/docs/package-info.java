/**
 * The Java snippets of README and docs, word for word, and the tests that run them.
 */
@NullMarked
package io.psqache.docs;

import org.jspecify.annotations.NullMarked;
