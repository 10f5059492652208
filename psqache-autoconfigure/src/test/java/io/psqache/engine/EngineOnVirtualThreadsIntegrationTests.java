package io.psqache.engine;

import io.psqache.test.OnVirtualThreads;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the engine promises, to callers on virtual threads.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
@ExtendWith(OnVirtualThreads.class)
class EngineOnVirtualThreadsIntegrationTests {

	@Nested
	class Coalescing extends CoalescingIntegrationTests {

	}

	@Nested
	class Unanswered extends UnansweredOperationsIntegrationTests {

	}

	@Nested
	class Closing extends ClosingIntegrationTests {

	}

	@Nested
	class Queue extends RequestQueueIntegrationTests {

	}

}
