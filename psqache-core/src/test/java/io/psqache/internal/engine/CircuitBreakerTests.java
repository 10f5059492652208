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

import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.BreakerState;
import io.psqache.FailureCause;
import io.psqache.OperationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class CircuitBreakerTests {

	private final AtomicInteger opened = new AtomicInteger();

	private final CircuitBreaker breaker = new CircuitBreaker(this.opened::incrementAndGet);

	@Test
	void opensOnceAfterConsecutiveFailures() {
		fail(CircuitBreaker.FAILURES - 1, OperationKind.GET, FailureCause.TIMEOUT);
		assertThat(this.breaker.admits(OperationKind.GET)).isTrue();
		fail(10, OperationKind.GET, FailureCause.UNAVAILABLE);
		assertThat(this.breaker.admits(OperationKind.GET)).isFalse();
		assertThat(this.breaker.admits(OperationKind.PUT)).isFalse();
		assertThat(this.breaker.cause()).isEqualTo(FailureCause.UNAVAILABLE);
		assertThat(this.opened).hasValue(1);
	}

	@Test
	void successOfTheSameDirectionResetsTheCount() {
		fail(CircuitBreaker.FAILURES - 1, OperationKind.PUT, FailureCause.TIMEOUT);
		this.breaker.answered(OperationKind.EVICT, null);
		fail(CircuitBreaker.FAILURES - 1, OperationKind.PUT, FailureCause.TIMEOUT);
		assertThat(this.breaker.admits(OperationKind.GET)).isTrue();
	}

	@Test
	void successfulReadsDoNotResetTheCountOfWrites() {
		for (int i = 0; i < CircuitBreaker.FAILURES; i++) {
			fail(1, OperationKind.PUT, FailureCause.TIMEOUT);
			this.breaker.answered(OperationKind.GET, null);
		}
		assertThat(this.breaker.admits(OperationKind.GET)).isFalse();
	}

	@ParameterizedTest
	@EnumSource(value = FailureCause.class,
			names = { "TIMEOUT", "UNAVAILABLE", "LOGIN_REFUSED", "OUT_OF_RESOURCES", "READ_ONLY", "SCHEMA_MISSING" })
	void opensForFailuresOfTheDatabase(FailureCause cause) {
		fail(CircuitBreaker.FAILURES, OperationKind.GET, cause);
		assertThat(this.breaker.cause()).isEqualTo(cause);
	}

	@ParameterizedTest
	@EnumSource(value = FailureCause.class, mode = EnumSource.Mode.EXCLUDE,
			names = { "TIMEOUT", "UNAVAILABLE", "LOGIN_REFUSED", "OUT_OF_RESOURCES", "READ_ONLY", "SCHEMA_MISSING" })
	void staysClosedForOtherFailures(FailureCause cause) {
		fail(100, OperationKind.GET, cause);
		fail(100, OperationKind.PUT, cause);
		assertThat(this.breaker.state()).isEqualTo(BreakerState.CLOSED);
	}

	@Test
	void timeoutsOfTheSweeperDoNotCount() {
		fail(100, OperationKind.SWEEP, FailureCause.TIMEOUT);
		assertThat(this.breaker.state()).isEqualTo(BreakerState.CLOSED);
	}

	@Test
	void isHalfOpenDuringAProbeAndAdmitsNoOperation() {
		fail(CircuitBreaker.FAILURES, OperationKind.GET, FailureCause.TIMEOUT);
		assertThat(this.breaker.state()).isEqualTo(BreakerState.OPEN);
		this.breaker.probing();
		assertThat(this.breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
		assertThat(this.breaker.admits(OperationKind.GET)).isFalse();
		this.breaker.reopen(FailureCause.READ_ONLY);
		assertThat(this.breaker.state()).isEqualTo(BreakerState.OPEN);
		assertThat(this.breaker.cause()).isEqualTo(FailureCause.READ_ONLY);
		this.breaker.close();
		assertThat(this.breaker.state()).isEqualTo(BreakerState.CLOSED);
		assertThat(this.breaker.admits(OperationKind.GET)).isTrue();
	}

	@Test
	void admitsOperationsAfterTheStoreIsClosed() {
		fail(CircuitBreaker.FAILURES, OperationKind.GET, FailureCause.TIMEOUT);
		this.breaker.retire();
		assertThat(this.breaker.admits(OperationKind.GET)).isTrue();
	}

	private void fail(int times, OperationKind operation, FailureCause cause) {
		for (int i = 0; i < times; i++) {
			this.breaker.answered(operation, cause);
		}
	}

}
