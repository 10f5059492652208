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
import java.util.Locale;
import java.util.stream.Collectors;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Formats numbers and tables, and writes them to files.
 */
public final class Text {

	private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	private Text() {
	}

	/**
	 * Format with the same separators on every machine.
	 * @param format as for {@link String#format}
	 * @param arguments as for {@link String#format}
	 * @return the text
	 */
	public static String format(String format, Object... arguments) {
		return String.format(Locale.ROOT, format, arguments);
	}

	public static String number(double number) {
		if (Double.isNaN(number)) {
			return "n/a";
		}
		double size = Math.abs(number);
		return format((number == Math.rint(number) || size >= 1000) ? "%,.0f" : (size >= 10) ? "%.1f" : "%.3f", number);
	}

	/**
	 * Lay out a Markdown table.
	 * @param head names of the columns
	 * @param rows cells of each row
	 * @return some lines
	 */
	public static String table(List<String> head, List<List<String>> rows) {
		String rule = head.stream().map((name) -> "---").collect(Collectors.joining("|", "|", "|\n"));
		return row(head) + rule + rows.stream().map(Text::row).collect(Collectors.joining());
	}

	private static String row(List<String> cells) {
		return cells.stream().map((cell) -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
	}

	/**
	 * The machine and the command, for the head of a document.
	 * @param machine the machine
	 * @param options the options of the run
	 * @return some lines of Markdown
	 */
	public static String head(Machine machine, String options) {
		return """
				### Machine

				%s
				```
				./mvnw -q -Pbenchmark -pl psqache-benchmarks -am verify -DskipTests -Dinvoker.skip \
				-Dbenchmark.args="%s"
				```
				""".formatted(machine, options);
	}

	/**
	 * Write results as Markdown and JSON.
	 * @param folder the folder, created if necessary
	 * @param name name of the files without their ending
	 * @param markdown content for documents
	 * @param json content for programs
	 * @throws IOException if a file cannot be written
	 */
	public static void write(Path folder, String name, String markdown, Object json) throws IOException {
		Files.createDirectories(folder);
		Files.writeString(folder.resolve(name + ".md"), markdown);
		Files.write(folder.resolve(name + ".json"), JSON.writeValueAsBytes(json));
	}

	public static <T> T read(Path file, Class<T> type) throws IOException {
		return JSON.readValue(Files.readAllBytes(file), type);
	}

}
