package io.psqache.benchmarks.server;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.OperatingSystemMXBean;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

class ServerProcessTests {

	@Test
	@EnabledOnOs(OS.LINUX)
	void readsTheTimeThatJavaKnowsOfItself() {
		assumeThat(Files.exists(Path.of("/proc/self/stat"))).isTrue();
		long known = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
		assertThat(new ServerProcess(ProcessHandle.current().pid()).cpuNanos()).isNotNull()
			.isCloseTo(known, Offset.offset(500_000_000L));
	}

	@Test
	void aCacheWithoutServerCostsNone() {
		assertThat(ServerProcess.NONE.cpuNanos()).isZero();
	}

}
