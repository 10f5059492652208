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
