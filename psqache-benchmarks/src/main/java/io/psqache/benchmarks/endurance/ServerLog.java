package io.psqache.benchmarks.endurance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Reads in PostgreSQL's log what should not be there. Not thread-safe.
 */
final class ServerLog {

	/**
	 * What a client that was killed leaves behind is none of the server's troubles: its
	 * backend says "FATAL: connection to client lost". Nor is an autovacuum that ends
	 * since the experiment is over and its database is dropped. And "terminating
	 * connection due to administrator command" is what an experiment asks for.
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
	 * What troubles there were since the last call.
	 * @return lines of the log
	 */
	List<String> troubles() {
		return news().lines().filter(TROUBLE).toList();
	}

	static boolean isDeadlock(String line) {
		return line.contains("deadlock");
	}

	/**
	 * Whole lines only: the last one may still be in the writing.
	 */
	private String news() {
		if (!Files.exists(this.file)) {
			return "";
		}
		try (RandomAccessFile log = new RandomAccessFile(this.file.toFile(), "r")) {
			byte[] bytes = new byte[(int) (log.length() - this.read)];
			log.seek(this.read);
			log.readFully(bytes);
			int end = bytes.length;
			while (end > 0 && bytes[end - 1] != '\n') {
				end--;
			}
			this.read += end;
			return new String(bytes, 0, end, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
