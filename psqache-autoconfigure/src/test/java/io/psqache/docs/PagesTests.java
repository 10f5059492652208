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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * README and the pages in docs, which are a site too (mkdocs.yml).
 */
class PagesTests {

	private static final Pattern LINK = Pattern.compile("]\\((?!https?://)([^)#\\s]*)(?:#([^)\\s]+))?\\)");

	private static final Pattern FORBIDDEN = Pattern
		.compile("(?i)\\b(who|whoever|whom|nobody|somebody|he|him|his|anew|lest|for ever|brings back)\\b");

	private static final Pattern TEST_NAME = Pattern.compile("`(?=[a-z]+[A-Z])([a-zA-Z]{25,})`");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");

	@ParameterizedTest
	@MethodSource("pages")
	void linksLeadSomewhere(Path page) throws IOException {
		Matcher link = LINK.matcher(Files.readString(page));
		while (link.find()) {
			Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
			assertThat(target).as("link to %s", link.group(1)).exists();
			if (link.group(2) != null) {
				assertThat(anchors(target)).as("anchors in %s", target).contains(link.group(2));
			}
		}
	}

	/**
	 * The component is the subject.
	 */
	@ParameterizedTest
	@MethodSource("pages")
	void wordsAreThoseOfTheStyle(Path page) throws IOException {
		assertThat(Files.readString(page)).doesNotContainPattern(FORBIDDEN);
	}

	/**
	 * Long names without a dot, in code style, are those of tests.
	 */
	@ParameterizedTest
	@MethodSource("pages")
	void namedTestsExist(Path page) throws IOException {
		String sources = javaSources();
		assertThat(TEST_NAME.matcher(Files.readString(page)).results().map((name) -> name.group(1)))
			.allMatch(sources::contains);
	}

	@Test
	void siteHasEveryPage() throws IOException {
		assertThat(pages().filter((page) -> !page.endsWith("README.md")).map((page) -> page.getFileName().toString()))
			.allSatisfy(
					(page) -> assertThat(Files.readString(Snippet.ROOT.resolve("mkdocs.yml"))).contains(": " + page));
	}

	static Stream<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.list(Snippet.ROOT.resolve("docs"))) {
			return Stream.concat(Stream.of(Snippet.ROOT.resolve("README.md")),
					docs.filter((page) -> page.toString().endsWith(".md")).sorted().toList().stream());
		}
	}

	private static String javaSources() throws IOException {
		StringBuilder sources = new StringBuilder();
		for (String module : List.of("psqache-core", "psqache-autoconfigure", "psqache-sample-app")) {
			try (Stream<Path> files = Files.walk(Snippet.ROOT.resolve(module).resolve("src"))) {
				for (Path file : (Iterable<Path>) files.filter((file) -> file.toString().endsWith(".java"))::iterator) {
					sources.append(Files.readString(file));
				}
			}
		}
		return sources.toString();
	}

	/**
	 * As GitHub makes them of headings.
	 */
	private static Set<String> anchors(Path page) throws IOException {
		return HEADING.matcher(Files.readString(page))
			.results()
			.map((heading) -> heading.group(1)
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-'))
			.collect(Collectors.toSet());
	}

}
