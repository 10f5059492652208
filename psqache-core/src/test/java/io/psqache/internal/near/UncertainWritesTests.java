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

class UncertainWritesTests {

	private final UncertainWrites writes = new UncertainWrites(Duration.ofNanos(10));

	@Test
	void cacheCountsAsChangedWhenTheWriteMustBeOver() {
		this.writes.add(1, 0);
		assertThat(this.writes.due(9)).isEmpty();
		assertThat(this.writes.due(10)).containsExactly(1);
		assertThat(this.writes.due(30)).isEmpty();
	}

	@Test
	void laterFailureIsWaitedForToo() {
		this.writes.add(1, 0);
		this.writes.add(1, 5);
		this.writes.add(2, 6);
		assertThat(this.writes.due(10)).containsExactly(1);
		assertThat(this.writes.due(14)).isEmpty();
		assertThat(this.writes.due(16)).containsExactlyInAnyOrder(1, 2);
		assertThat(this.writes.due(40)).isEmpty();
	}

}
