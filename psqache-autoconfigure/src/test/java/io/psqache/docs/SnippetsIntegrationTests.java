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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.psqache.autoconfigure.PsqacheProperties;
import io.psqache.test.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Every snippet of README and docs: Java stands word for word in a class of this package,
 * which {@link DocumentedApplicationIntegrationTests} runs, or of io.psqache.plain, which
 * PlainSpringIntegrationTests runs; SQL runs, and properties bind.
 */
class SnippetsIntegrationTests {

	private static final TestDatabase database = TestDatabase.create();

	@BeforeAll
	static void startTheApplication() {
		DocumentedApplication.on(database).run((context) -> assertThat(context).hasNotFailed());
	}

	@AfterAll
	static void dropDatabase() {
		database.close();
	}

	@ParameterizedTest
	@MethodSource
	void javaIsThatOfATestedClass(Snippet snippet) throws IOException {
		String text = Snippet.normalized(snippet.text());
		List<Path> sources = new ArrayList<>(files(Path.of("src/test/java/io/psqache/docs")));
		sources.addAll(files(Snippet.ROOT.resolve("psqache-core/src/test/java/io/psqache/plain")));
		assertThat(sources).as("tested classes with the text of %s", snippet)
			.anyMatch((source) -> Snippet.normalized(Snippet.read(source)).contains(text));
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.toList();
		}
	}

	static List<Snippet> javaIsThatOfATestedClass() throws IOException {
		return Snippet.in("java");
	}

	@ParameterizedTest
	@MethodSource
	void sqlRuns(Snippet snippet) {
		for (String statement : snippet.text().replaceAll("--[^\n]*", "").split(";", -1)) {
			if (!statement.isBlank()) {
				assertThatNoException().isThrownBy(() -> database.execute(statement));
			}
		}
	}

	static List<Snippet> sqlRuns() throws IOException {
		return Snippet.in("sql");
	}

	@ParameterizedTest
	@MethodSource
	void propertiesBind(Snippet snippet) throws IOException {
		MutablePropertySources sources = new MutablePropertySources();
		new YamlPropertySourceLoader()
			.load("snippet", new ByteArrayResource(snippet.text().getBytes(StandardCharsets.UTF_8)))
			.forEach(sources::addLast);
		assertThat(sources).isNotEmpty();
		Binder binder = new Binder(ConfigurationPropertySources.from(sources));
		assertThatNoException().isThrownBy(() -> binder.bind("psqache", Bindable.of(PsqacheProperties.class),
				new NoUnboundElementsBindHandler(BindHandler.DEFAULT)));
	}

	static List<Snippet> propertiesBind() throws IOException {
		return Snippet.in("yaml").stream().filter((snippet) -> !snippet.text().contains("steps:")).toList();
	}

}
