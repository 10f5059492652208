/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.psqache.internal.engine;

import io.psqache.test.OnVirtualThreads;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the engine's tests with callers on virtual threads.
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
