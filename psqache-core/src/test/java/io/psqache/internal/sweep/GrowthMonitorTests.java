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
 * When so much was written that a bound may be exceeded.
 */
class GrowthMonitorTests {

	private final UsageRegistry usage = new UsageRegistry();

	private final AtomicInteger alarms = new AtomicInteger();

	private final GrowthMonitor watch = new GrowthMonitor(this.usage, this.alarms::incrementAndGet);

	@Test
	void beforeTheFirstWalkNothingIsKnown() {
		assertThat(this.watch.isRoomUsedUp(0)).isTrue();
	}

	@Test
	void roomIsUsedUpByWhatAnyoneInserts() {
		this.watch.begin(1_000);
		this.watch.room(100);
		assertThat(this.watch.isRoomUsedUp(1_099)).isFalse();
		assertThat(this.watch.isRoomUsedUp(1_100)).isTrue();
	}

	@Test
	void alarmGoesOffOnceWhenThisInstanceHasUsedUpTheRoom() {
		this.usage.wrote(500);
		this.watch.begin(0);
		this.watch.room(100);
		assertThat(this.watch.isRoomUsedUp(0)).isFalse();
		this.usage.wrote(99);
		assertThat(this.alarms).hasValue(0);
		this.usage.wrote(1);
		assertThat(this.alarms).hasValue(1);
		assertThat(this.watch.isRoomUsedUp(0)).isTrue();
		this.usage.wrote(100);
		assertThat(this.alarms).hasValue(1);
	}

	@Test
	void walkThatBeginsWhenTheRoomIsUsedUpHurriesToItsEnd() {
		this.watch.begin(0);
		this.watch.room(100);
		this.watch.begin(100);
		assertThat(this.watch.isRoomUsedUp(100)).isTrue();
		this.watch.room(100);
		assertThat(this.watch.isRoomUsedUp(100)).isFalse();
	}

	@Test
	void alarmThatIsSetLateGoesOffAtOnce() {
		this.usage.wrote(100);
		this.usage.ringAt(100, this.alarms::incrementAndGet);
		assertThat(this.alarms).hasValue(1);
	}

	@Test
	void withoutBoundsNoAlarmIsSet() {
		this.usage.wrote(500);
		this.watch.begin(0);
		this.watch.room(Long.MAX_VALUE);
		assertThat(this.watch.isRoomUsedUp(1_000_000)).isFalse();
		this.usage.wrote(1_000_000);
		assertThat(this.alarms).hasValue(0);
	}

}
