/**
 * The Java snippets of README and docs, word for word, and the tests that run them. As in
 * most applications, nothing is marked with nullness annotations.
 */
package io.psqache.docs;
