package io.psqache.benchmarks.endurance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds errors and deadlocks in the log of PostgreSQL. Not thread-safe.
 */
final class ServerLog {

	/**
	 * An experiment itself causes the end of connections and of autovacuums when it drops
	 * its database.
	 */
	private static final Predicate<String> TROUBLE = Pattern
		.compile("\\b(ERROR|PANIC):|deadlock|FATAL:(?!\\s+(connection to client lost"
				+ "|terminating (autovacuum process|connection) due to administrator command))")
		.asPredicate();

	private final Path file;

	private long read;

	ServerLog(Path file) {
		this.file = file;
	}

	/**
	 * The errors and deadlocks since the last call.
	 * @return lines of the log
	 */
	List<String> troubles() throws IOException {
		try (Stream<String> lines = Files.lines(this.file, StandardCharsets.ISO_8859_1)) {
			List<String> all = lines.filter(TROUBLE).toList();
			List<String> troubles = all.stream().skip(this.read).toList();
			this.read = all.size();
			return troubles;
		}
	}

}
