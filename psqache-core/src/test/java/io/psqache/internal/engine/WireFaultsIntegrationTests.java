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

import io.psqache.FailureCause;
import org.junit.jupiter.api.Test;

/**
 * Tests the effect of network faults on an application.
 */
class WireFaultsIntegrationTests extends FaultsFixture {

	@Override
	String url() {
		return server.url(this.relay);
	}

	@Test
	void closedConnections() {
		outage(this.relay::cut, this.relay::restore, FailureCause.UNAVAILABLE, FailureCause.TIMEOUT);
	}

	@Test
	void networkThatDropsAllPackets() {
		outage(this.relay::stall, this.relay::restore, FailureCause.TIMEOUT, FailureCause.UNAVAILABLE);
	}

	@Test
	void networkThatDropsAnswers() {
		outage(this.relay::stallAnswers, this.relay::restore, FailureCause.TIMEOUT, FailureCause.UNAVAILABLE);
	}

}
