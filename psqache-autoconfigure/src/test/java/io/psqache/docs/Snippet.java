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

package io.psqache.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of README or of a page in docs.
 *
 * @param page the file
 * @param text what is between the fences
 */
record Snippet(Path page, String text) {

	static final Path ROOT = Path.of("..");

	private static final Pattern FENCED = Pattern.compile("(?s)```(\\w+)\\n(.*?)\\n *```");

	static List<Snippet> in(String language) throws IOException {
		return PagesTests.pages()
			.flatMap((page) -> FENCED.matcher(read(page))
				.results()
				.filter((block) -> block.group(1).equals(language))
				.map((block) -> new Snippet(page, block.group(2))))
			.toList();
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The text without indentation and empty lines.
	 */
	static String normalized(String text) {
		return String.join("\n", text.lines().map(String::strip).filter((line) -> !line.isEmpty()).toList()) + "\n";
	}

	@Override
	public String toString() {
		return this.page.getFileName() + ": " + this.text.lines().findFirst().orElse("");
	}

}
