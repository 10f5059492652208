/**
 * Auto-configuration: the only package that knows Spring Boot, and the only one that
 * knows Flyway.
 */
@NullMarked
package io.psqache.autoconfigure;

import org.jspecify.annotations.NullMarked;
