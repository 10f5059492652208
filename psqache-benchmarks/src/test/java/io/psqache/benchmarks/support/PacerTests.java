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

package io.psqache.benchmarks.support;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PacerTests {

	private long now = 1000;

	private final Pacer pacer = new Pacer(() -> this.now, (nanos) -> this.now += nanos, 1000, 10);

	@Test
	void callsStartWhenTheyAreDue() {
		for (int call = 0; call < 3; call++) {
			this.pacer.await();
			assertThat(this.now).isEqualTo(1000 + 10 * call);
			this.now += 4;
			assertThat(this.pacer.sinceDue()).isEqualTo(4);
		}
	}

	@Test
	void lateCallStartsAtOnceAndIsMeasuredFromWhenItWasDue() {
		this.pacer.await();
		this.now += 35;
		assertThat(this.pacer.sinceDue()).isEqualTo(35);
		this.pacer.await();
		assertThat(this.now).isEqualTo(1035);
		this.now += 1;
		assertThat(this.pacer.sinceDue()).isEqualTo(26);
	}

	@Test
	void callsAfterALongOneKeepTheirTimes() {
		this.pacer.await();
		this.now += 35;
		for (int call = 1; call < 5; call++) {
			this.pacer.await();
		}
		assertThat(this.now).isEqualTo(1040);
	}

}
