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
 * Finds errors and deadlocks in the log of PostgreSQL. Not thread-safe.
 */
final class ServerLog {

	/**
	 * An experiment itself causes "connection to client lost" when it kills an instance,
	 * and the end of an autovacuum when it drops its database.
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
	List<String> troubles() {
		return newLines().lines().filter(TROUBLE).toList();
	}

	/**
	 * Reads whole lines only, since the last one may still be incomplete.
	 */
	private String newLines() {
		if (!Files.exists(this.file)) {
			return "";
		}
		try (RandomAccessFile log = new RandomAccessFile(this.file.toFile(), "r")) {
			byte[] bytes = new byte[(int) (log.length() - this.read)];
			log.seek(this.read);
			log.readFully(bytes);
			String text = new String(bytes, StandardCharsets.ISO_8859_1);
			int end = text.lastIndexOf('\n') + 1;
			this.read += end;
			return text.substring(0, end);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
