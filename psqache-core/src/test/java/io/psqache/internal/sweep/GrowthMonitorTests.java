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

package io.psqache.internal.sweep;

import java.util.concurrent.atomic.AtomicInteger;

import io.psqache.internal.store.UsageRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the point at which a bound may be exceeded.
 */
class GrowthMonitorTests {

	private final UsageRegistry usage = new UsageRegistry();

	private final AtomicInteger alarms = new AtomicInteger();

	private final GrowthMonitor monitor = new GrowthMonitor(this.usage, this.alarms::incrementAndGet);

	@Test
	void headroomIsUsedBeforeTheFirstWalk() {
		assertThat(this.monitor.isHeadroomUsed(0)).isTrue();
	}

	@Test
	void headroomIsUsedByInsertsOfAllInstances() {
		this.monitor.begin(1_000);
		this.monitor.headroom(100);
		assertThat(this.monitor.isHeadroomUsed(1_099)).isFalse();
		assertThat(this.monitor.isHeadroomUsed(1_100)).isTrue();
	}

	@Test
	void alarmRunsOnceWhenThisInstanceHasUsedTheHeadroom() {
		this.usage.addWritten(500);
		this.monitor.begin(0);
		this.monitor.headroom(100);
		assertThat(this.monitor.isHeadroomUsed(0)).isFalse();
		this.usage.addWritten(99);
		assertThat(this.alarms).hasValue(0);
		this.usage.addWritten(1);
		assertThat(this.alarms).hasValue(1);
		assertThat(this.monitor.isHeadroomUsed(0)).isTrue();
		this.usage.addWritten(100);
		assertThat(this.alarms).hasValue(1);
	}

	@Test
	void headroomUsedBeforeWalkStaysUsedUntilItsEnd() {
		this.monitor.begin(0);
		this.monitor.headroom(100);
		this.monitor.begin(100);
		assertThat(this.monitor.isHeadroomUsed(100)).isTrue();
		this.monitor.headroom(100);
		assertThat(this.monitor.isHeadroomUsed(100)).isFalse();
	}

	@Test
	void alarmThatIsSetLateRunsImmediately() {
		this.usage.addWritten(100);
		this.usage.alarmAt(100, this.alarms::incrementAndGet);
		assertThat(this.alarms).hasValue(1);
	}

	@Test
	void noAlarmIsSetWithoutBounds() {
		this.usage.addWritten(500);
		this.monitor.begin(0);
		this.monitor.headroom(Long.MAX_VALUE);
		assertThat(this.monitor.isHeadroomUsed(1_000_000)).isFalse();
		this.usage.addWritten(1_000_000);
		assertThat(this.alarms).hasValue(0);
	}

}
