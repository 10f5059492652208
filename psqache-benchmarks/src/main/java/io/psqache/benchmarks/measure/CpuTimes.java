package io.psqache.benchmarks.measure;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;
import io.psqache.benchmarks.server.ServerProcess;
import org.jspecify.annotations.Nullable;

/**
 * Processor time used up to some moment.
 *
 * @param jvmNanos by this process, garbage collection and compilation included
 * @param serverNanos by the server, {@code null} where it cannot be known
 */
record CpuTimes(long jvmNanos, @Nullable Long serverNanos) {

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	static CpuTimes now(ServerProcess server) {
		return new CpuTimes(SYSTEM.getProcessCpuTime(), server.cpuNanos());
	}

	CpuTimes since(CpuTimes earlier) {
		Long server = (this.serverNanos != null && earlier.serverNanos != null) ? this.serverNanos - earlier.serverNanos
				: null;
		return new CpuTimes(this.jvmNanos - earlier.jvmNanos, server);
	}

	double jvmMicrosPer(long calls) {
		return this.jvmNanos / 1000.0 / calls;
	}

	@Nullable Double serverMicrosPer(long calls) {
		return (this.serverNanos != null) ? this.serverNanos / 1000.0 / calls : null;
	}

}
