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

package io.psqache.internal.near;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PeerTrackerTests {

	private static final long PATIENCE = PeerTracker.PATIENCE.toNanos();

	private final PeerTracker peers = new PeerTracker();

	@Test
	void peerThatWasHeardInTimeIsNotMissing() {
		this.peers.heartbeat("a", 0);
		assertThat(this.peers.isPeerMissing(PATIENCE - 1)).isFalse();
		this.peers.heartbeat("a", PATIENCE - 1);
		assertThat(this.peers.isPeerMissing(PATIENCE + 1)).isFalse();
	}

	@Test
	void oneWhoFallsSilentIsMissingAgainAndAgainUntilItCountsAsDead() {
		this.peers.heartbeat("a", 0);
		int missing = 0;
		long step = Duration.ofMillis(250).toNanos();
		for (long now = 0; now <= 2 * PeerTracker.MEMORY.toNanos(); now += step) {
			missing += this.peers.isPeerMissing(now) ? 1 : 0;
		}
		assertThat(missing).isEqualTo((int) (PeerTracker.MEMORY.toNanos() / PATIENCE));
	}

	@Test
	void oneWhoSaidGoodbyeIsNotMissed() {
		this.peers.heartbeat("a", 0);
		this.peers.gone("a");
		assertThat(this.peers.isPeerMissing(2 * PATIENCE)).isFalse();
	}

	@Test
	void oneWhoComesBackIsNotMissed() {
		this.peers.heartbeat("a", 0);
		assertThat(this.peers.isPeerMissing(PATIENCE)).isTrue();
		this.peers.heartbeat("a", PATIENCE + 1);
		assertThat(this.peers.isPeerMissing(2 * PATIENCE)).isFalse();
	}

}
