package io.psqache;

import java.time.Duration;

import io.psqache.test.TestDatabase;

/**
 * Changes on threads that must not wait, in caches of which copies are kept.
 */
class NearReactiveVisibilityIntegrationTests extends AbstractReactiveVisibilityContract {

	@Override
	TestCaches caches(TestDatabase database) {
		return TestCaches.nearBehindRelay(database, Duration.ofSeconds(3));
	}

	@Override
	void prepare(TestCaches caches) {
		caches.awaitListening();
	}

}
