package io.psqache.store;

import io.psqache.test.OnVirtualThreads;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the store promises, to callers on virtual threads.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
@ExtendWith(OnVirtualThreads.class)
class StoreOnVirtualThreadsIntegrationTests {

	@Nested
	class Outages extends EntryStoreIntegrationTests {

	}

}
