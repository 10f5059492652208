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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Reads the CPU time of a server process, its descendants and their ended children.
 * Requires {@code /proc}.
 *
 * @param pid the process, or {@code null} for a cache without a server
 */
public record ServerProcess(@Nullable Long pid) {

	/**
	 * The server of a cache in this process, which has none.
	 */
	public static final ServerProcess NONE = new ServerProcess(null);

	/**
	 * The value of {@code sysconf(_SC_CLK_TCK)} on every Linux that Java runs on.
	 */
	private static final long NANOS_PER_TICK = 10_000_000;

	/**
	 * Positions of utime, stime, cutime and cstime after the name, see proc_pid_stat(5).
	 */
	private static final List<Integer> TIMES = List.of(11, 12, 13, 14);

	/**
	 * Return the CPU time so far.
	 * @return the time in nanoseconds with a resolution of 10 ms; NaN on systems without
	 * {@code /proc}
	 */
	public double cpuNanos() {
		if (this.pid == null) {
			return 0;
		}
		if (!Files.exists(stat(this.pid))) {
			return Double.NaN;
		}
		Stream<Long> children = ProcessHandle.of(this.pid)
			.stream()
			.flatMap(ProcessHandle::descendants)
			.map(ProcessHandle::pid);
		return NANOS_PER_TICK
				* (double) Stream.concat(Stream.of(this.pid), children).mapToLong((pid) -> ticks(stat(pid))).sum();
	}

	void destroy() {
		if (this.pid != null) {
			ProcessHandle.of(this.pid).ifPresent(ProcessHandle::destroy);
		}
	}

	private static Path stat(long pid) {
		return Path.of("/proc", String.valueOf(pid), "stat");
	}

	private static long ticks(Path stat) {
		try {
			String line = Files.readString(stat);
			String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
			return TIMES.stream().mapToLong((position) -> Long.parseLong(fields[position])).sum();
		}
		catch (IOException ex) {
			return 0; // It has ended: its parent's cutime contains its time.
		}
	}

}
