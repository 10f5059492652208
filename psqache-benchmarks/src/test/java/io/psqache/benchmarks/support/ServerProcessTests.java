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

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

class ServerProcessTests {

	/**
	 * The difference of two readings, since children of earlier tests count as well.
	 */
	@Test
	@EnabledOnOs(OS.LINUX)
	void readsTheCpuTimeThatJavaReportsOfItself() {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		ServerProcess process = new ServerProcess(ProcessHandle.current().pid());
		double before = process.cpuNanos();
		double begun = system.getProcessCpuTime();
		while (system.getProcessCpuTime() - begun < 5e8) {
			Thread.onSpinWait();
		}
		assertThat(process.cpuNanos() - before).isCloseTo(5e8, Offset.offset(1e8));
	}

	@Test
	void cacheWithoutServerHasNoCpuTime() {
		assertThat(ServerProcess.NONE.cpuNanos()).isZero();
	}

}
