package io.psqache;

import java.time.Duration;

/**
 * A load took longer than the cache lets it, and there is no old value. It goes on in the
 * background, and its value is cached when it ends.
 */
@SuppressWarnings("serial")
public class LoadTimeoutException extends RuntimeException {

	LoadTimeoutException(String cacheName, Duration limit) {
		super("Cache '%s' has waited %d ms for a value to be loaded, and has no old one. Make the load faster, raise psqache.caches.%1$s.load-timeout.hard, or keep old values for longer (stale-if-error)."
			.formatted(cacheName, limit.toMillis()));
	}

}
