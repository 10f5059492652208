package io.psqache.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Reads the processor time that a server has used: of a process, of everything it
 * started, and of those of its children that are gone. Known only where the system has a
 * {@code /proc}.
 *
 * @param pid the process, or {@code null} for a server that is none (a cache in process)
 */
public record ServerProcess(@Nullable Long pid) {

	/**
	 * What {@code sysconf(_SC_CLK_TCK)} says on every Linux that Java runs on.
	 */
	private static final long NANOS_PER_TICK = 10_000_000;

	/**
	 * Places of utime, stime, cutime and cstime behind the parenthesised name, see
	 * proc_pid_stat(5).
	 */
	private static final List<Integer> TIMES = List.of(11, 12, 13, 14);

	/**
	 * The server of a cache that has none.
	 */
	public static final ServerProcess NONE = new ServerProcess(null);

	/**
	 * Processor time used so far.
	 * @return nanoseconds, in steps of ten milliseconds; {@code null} where it cannot be
	 * known
	 */
	public @Nullable Long cpuNanos() {
		if (this.pid == null) {
			return 0L;
		}
		if (!Files.exists(stat(this.pid))) {
			return null;
		}
		Stream<Long> children = ProcessHandle.of(this.pid)
			.stream()
			.flatMap(ProcessHandle::descendants)
			.map(ProcessHandle::pid);
		return NANOS_PER_TICK
				* Stream.concat(Stream.of(this.pid), children).mapToLong((process) -> ticks(stat(process))).sum();
	}

	private static Path stat(long pid) {
		return Path.of("/proc", String.valueOf(pid), "stat");
	}

	private static long ticks(Path stat) {
		try {
			String line = Files.readString(stat);
			String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
			return TIMES.stream().mapToLong((place) -> Long.parseLong(fields[place])).sum();
		}
		catch (IOException ex) {
			return 0; // it ended since it was listed, and its parent has its time
		}
	}

}
