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

package io.psqache.benchmarks.compare;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class WarmUpTests {

	private long nowMillis = 1000;

	private long compiledMillis = 500;

	@Test
	void takesTheLeastTimeIfNothingIsCompiled() throws Exception {
		assertThat(secondsWithCompilerBusyFor(0)).isBetween(3.0, 4.0);
	}

	@Test
	void continuesUntilTheCompilerIsQuiet() throws Exception {
		assertThat(secondsWithCompilerBusyFor(10)).isBetween(12.0, 14.0);
	}

	@Test
	void endsAfterTheGreatestTimeEvenIfTheCompilerIsBusy() throws Exception {
		assertThat(secondsWithCompilerBusyFor(1000)).isBetween(30.0, 32.0);
	}

	@Test
	void limitsAreParsed() {
		assertThat(WarmUp.parse("3..30")).isEqualTo(new WarmUp(3, 30)).hasToString("3.0..30.0");
		assertThat(WarmUp.parse("2")).isEqualTo(new WarmUp(2, 2));
		assertThat(new WarmUp(3, 30).again()).isEqualTo(new WarmUp(1, 3));
		assertThatIllegalArgumentException().isThrownBy(() -> WarmUp.parse("0"));
	}

	private double secondsWithCompilerBusyFor(int seconds) throws Exception {
		long begun = this.nowMillis;
		WarmUp.parse("3..30").run(() -> {
			this.nowMillis += 500;
			this.compiledMillis += (this.nowMillis - begun <= 1000L * seconds) ? 400 : 0;
		}, () -> TimeUnit.MILLISECONDS.toNanos(this.nowMillis), () -> this.compiledMillis);
		return (this.nowMillis - begun) / 1000.0;
	}

}
