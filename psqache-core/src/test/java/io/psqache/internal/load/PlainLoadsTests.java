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

package io.psqache.internal.load;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.psqache.internal.engine.CallMode;
import io.psqache.internal.load.PlainLoads.PlainLoad;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlainLoadsTests {

	private final PlainLoads loads = new PlainLoads();

	private PlainLoad ofAnotherThread(String key) {
		return Objects
			.requireNonNull(CompletableFuture.supplyAsync(() -> this.loads.of(key, Thread.currentThread())).join());
	}

	private boolean settle(PlainLoad load) {
		return this.loads.settle(load, new Thread(), CallMode.BLOCKING).join();
	}

	@Test
	void waitForAPutIsLimited() {
		PlainLoad put = this.loads.putting("key", Duration.ofMillis(1));
		assertThat(settle(ofAnotherThread("key"))).isFalse();
		put.end();
		assertThat(this.loads.of("key", new Thread())).isNull();
	}

	@Test
	void threadDoesNotWaitForItsOwnLoad() {
		PlainLoad load = this.loads.telling("key");
		assertThat(this.loads.of("key", Thread.currentThread())).isNull();
		assertThat(ofAnotherThread("key")).isSameAs(load);
		assertThat(this.loads.of("other", new Thread())).isNull();
		load.end();
	}

}
