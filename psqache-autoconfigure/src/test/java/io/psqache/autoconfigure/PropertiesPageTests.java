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

package io.psqache.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table in docs/properties.md equals the metadata. {@code -Dpsqache.docs.write=true}
 * writes the table.
 */
class PropertiesPageTests {

	private static final Path PAGE = Path.of("../docs/properties.md");

	private static final String HEAD = "| property | default | meaning |\n|---|---|---|\n";

	@Test
	void tableEqualsMetadata() throws IOException {
		String page = Files.readString(PAGE);
		String prose = page.substring(0, page.indexOf(HEAD));
		String generated = prose + HEAD + rows();
		if (Boolean.getBoolean("psqache.docs.write")) {
			Files.writeString(PAGE, generated);
		}
		assertThat(page).as("docs/properties.md; write it by -Dpsqache.docs.write=true").isEqualTo(generated);
	}

	private static String rows() {
		return ConfigurationMetadataTests.properties()
			.sorted(Comparator.comparing(PropertiesPageTests::isOfOneCache).thenComparing(PropertiesPageTests::name))
			.map((property) -> "| `%s` | %s | %s |%n".formatted(name(property), defaultValue(property),
					property.path("description").asString("")))
			.collect(Collectors.joining());
	}

	private static boolean isOfOneCache(JsonNode property) {
		return name(property).startsWith("psqache.defaults.");
	}

	private static String name(JsonNode property) {
		return property.get("name").asString();
	}

	private static String defaultValue(JsonNode property) {
		return property.has("defaultValue") ? "`" + property.get("defaultValue").asString() + "`" : "";
	}

}
