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

package io.psqache.internal.store;

import java.util.Set;

import io.psqache.test.Concurrently;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PendingEvictionsTests {

	private final PendingEvictions pending = new PendingEvictions();

	@Test
	void holdsWhatWasAddedUntilItIsSettled() {
		this.pending.add("a");
		this.pending.add("b");
		PendingEvictions.Portion portion = this.pending.take();
		assertThat(portion.keys()).containsExactlyInAnyOrder("a", "b");
		assertThat(this.pending.contains("a")).isTrue();
		portion.settle(Set.of("a"));
		assertThat(this.pending.contains("a")).isFalse();
		assertThat(this.pending.contains("b")).isTrue();
		assertThat(this.pending.size()).isEqualTo(1);
		assertThat(this.pending.isEmpty()).isFalse();
	}

	@Test
	void whatComesWhileAPortionIsUnderWayIsNotSettledWithIt() {
		this.pending.add("a");
		PendingEvictions.Portion portion = this.pending.take();
		this.pending.add("a");
		portion.settle(Set.of("a"));
		assertThat(this.pending.contains("a")).isTrue();
		assertThat(this.pending.take().keys()).containsExactly("a");
	}

	@Test
	void clearThatComesWhileAPortionIsTakenIsNotLost() throws Exception {
		for (int round = 0; round < 2_000; round++) {
			PendingEvictions contended = new PendingEvictions();
			Concurrently.run(2, (number) -> {
				if (number == 0) {
					contended.addAll();
				}
				else {
					contended.take();
				}
				return null;
			});
			assertThat(contended.contains("any")).isTrue();
		}
	}

	@Test
	void clearUnderWayDoesNotSettleTheNextOne() {
		this.pending.addAll();
		PendingEvictions.Portion portion = this.pending.take();
		this.pending.addAll();
		portion.settleAll();
		assertThat(this.pending.contains("any")).isTrue();
		assertThat(this.pending.take().isAll()).isTrue();
	}

	@Test
	void portionThatWasNotSettledIsTakenAgain() {
		this.pending.add("a");
		this.pending.take();
		this.pending.add("b");
		assertThat(this.pending.take().keys()).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void tooManyKeysAreTheWholeCache() {
		for (int i = 0; i <= PendingEvictions.MAX_KEYS; i++) {
			this.pending.add("key" + i);
		}
		assertThat(this.pending.contains("another")).isTrue();
		assertThat(this.pending.size()).isEqualTo(1);
		PendingEvictions.Portion portion = this.pending.take();
		assertThat(portion.isAll()).isTrue();
		portion.settleAll();
		assertThat(this.pending.isEmpty()).isTrue();
		assertThat(this.pending.contains("another")).isFalse();
	}

	@Test
	void portionsThatAreTooManyTogetherAreTheWholeCache() {
		for (int i = 0; i < PendingEvictions.MAX_KEYS; i++) {
			this.pending.add("key" + i);
		}
		this.pending.take();
		this.pending.add("one more");
		assertThat(this.pending.take().isAll()).isTrue();
	}

}
