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
