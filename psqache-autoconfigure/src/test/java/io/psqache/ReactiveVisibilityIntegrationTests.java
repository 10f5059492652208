package io.psqache;

import java.time.Duration;

import io.psqache.test.TestDatabase;

/**
 * Changes on threads that must not wait, in caches of which no copies are kept.
 */
class ReactiveVisibilityIntegrationTests extends AbstractReactiveVisibilityContract {

	@Override
	TestCaches caches(TestDatabase database) {
		return TestCaches.behindRelay(database, Duration.ofSeconds(3));
	}

}
